import type { SimulatedSymbol } from '../../market-core.js'

/**
 * The currencies, at the prices and ticks that they had on Binance spot in August 2024. BTC and ETH were recorded; what
 * the others share with BTC, their volatility and their activity are chosen to be plausible.
 */
export const currencyModels: Readonly<Record<string, SimulatedSymbol>> = {
  BTC: model(61_800, 0.01, 1e5, 4_000, 1, 1, 1),
  ETH: model(2_680, 0.01, 1e4, 8_000, 0.9, 1.2, 0.85),
  SOL: model(160, 0.01, 1e3, 20_000, 0.8, 1.7, 0.6),
  XRP: model(0.61, 0.0001, 1, 3_000, 0.65, 1.6, 0.4),
  DOGE: model(0.107, 0.00001, 1, 15_000, 0.75, 1.8, 0.4),
  ADA: model(0.345, 0.0001, 10, 40_000, 0.75, 1.6, 0.2),
  AVAX: model(22.1, 0.01, 100, 5_000, 0.75, 1.7, 0.2),
  LINK: model(10.4, 0.001, 100, 8_000, 0.7, 1.6, 0.2),
  LTC: model(62.3, 0.01, 1e3, 10_000, 0.7, 1.3, 0.15),
  DOT: model(4.61, 0.001, 100, 20_000, 0.75, 1.5, 0.15),
}

function model(
  price: number,
  tick: number,
  sizeScale: number,
  lots: number,
  beta: number,
  volatility: number,
  activity: number,
): SimulatedSymbol {
  return { price, tickUnits: 1, priceScale: Math.round(1 / tick), sizeScale, lots, beta, volatility, activity }
}
