/**
 * The smallest of the numbers that a share of them does not exceed (nearest rank); 0 if there are none. Reorders them
 * (C. A. R. Hoare's FIND, 1961): linear time, where sorting a million waits for each law would take most of a run.
 */
export function quantile(numbers: Float64Array, share: number): number {
  if (numbers.length === 0) return 0
  const wanted = Math.max(0, Math.ceil(share * numbers.length) - 1)
  let [low, high] = [0, numbers.length - 1]
  while (low < high) {
    const pivot = numbers[(low + high) >>> 1]!
    let [i, j] = [low, high]
    while (i <= j) {
      while (numbers[i]! < pivot) i++
      while (numbers[j]! > pivot) j--
      if (i > j) break
      const swapped = numbers[i]!
      numbers[i++] = numbers[j]!
      numbers[j--] = swapped
    }
    if (wanted <= j) high = j
    else if (wanted >= i) low = i
    else break
  }
  return numbers[wanted]!
}
