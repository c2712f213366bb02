export async function open() {
  throw new Error('no venue')
}

export default () => {}
