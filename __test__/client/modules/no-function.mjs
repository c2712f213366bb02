export default { handle() {} }
