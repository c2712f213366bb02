/** As much of qlobber as is used here; the package brings no types. */
declare module 'qlobber' {
  export class Qlobber<Value> {
    /** `*` in a topic is one word, `#` any number of them. */
    add(topic: string, value: Value): void
    match(topic: string): Value[]
  }
}
