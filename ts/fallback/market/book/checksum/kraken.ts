import type { Levels } from '../levels.js'

const LEVELS = 10

/** Kraken's text: of the ten best asks, then the ten best bids, price and size each. */
export function krakenText(bids: Levels, asks: Levels, pricePlaces: number, sizePlaces: number): string {
  const [pricePower, sizePower] = [10 ** pricePlaces, 10 ** sizePlaces]
  let text = ''
  for (const side of [asks, bids]) {
    for (let place = 0; place < LEVELS && place < side.length; place += 1) {
      text += digits(Math.abs(side.key(place)), pricePower) + digits(side.size(place), sizePower)
    }
  }
  return text
}

/** The digits of the number with as many decimal places as the power has zeros. */
function digits(number: number, power: number): string {
  // Up to 15 digits the product is less than half away from the whole number that it stands for.
  return String(Math.round(number * power))
}
