import { FreeIds } from './free-ids.js'

/** A text in use and its id. */
export class Name {
  readonly text: string
  /** -1 once the text was removed. */
  id: number

  constructor(text: string, id: number) {
    this.text = text
    this.id = id
  }
}

/** Texts under small ids: the smallest free one first, the same for the same text. */
export class Names {
  readonly #byText = new Map<string, Name>()
  readonly #byId: (Name | undefined)[] = []
  readonly #free = new FreeIds()

  get size(): number {
    return this.#byText.size
  }

  find(text: string): Name | undefined {
    return this.#byText.get(text)
  }

  get(id: number): Name | undefined {
    return this.#byId[id]
  }

  /** Adds a text that is not in use. */
  add(text: string): Name {
    const name = new Name(text, this.#free.take() ?? this.#byId.length)
    this.#byText.set(text, name)
    this.#byId[name.id] = name
    return name
  }

  remove(name: Name): void {
    this.#byText.delete(name.text)
    this.#byId[name.id] = undefined
    this.#free.give(name.id)
    name.id = -1
  }

  values(): Iterable<Name> {
    return this.#byText.values()
  }
}
