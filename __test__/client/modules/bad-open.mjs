export const open = true
export default () => {}
