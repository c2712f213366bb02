// Some handlers return at once, some later.
export default ({ n }) => {
  if (n % 5 === 0) return new Promise((resolve) => setTimeout(resolve, 20))
  if (n % 17 === 0) return Promise.resolve()
}
