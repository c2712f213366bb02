import type { Handler, Subscription } from './subscription.js'

/** Who gets the messages of a topic in this thread, in the order of the calls. The lists never change; many topics share one. */
export interface Route {
  readonly subscriptions: readonly Subscription[]
  /** What to call for each of them. */
  readonly handlers: readonly Handler[]
  /** How many topics have it. */
  topics: number
}

/** `subscriptions` are in the order in which they are called. */
export function routeOf(subscriptions: readonly Subscription[]): Route {
  // Copied, since a list that grew keeps room for more.
  const whole = Object.freeze([...subscriptions])
  return { subscriptions: whole, handlers: Object.freeze(whole.map(({ call }) => call)), topics: 0 }
}

/** The route of topics that nobody subscribes to; there is always another one. */
export const NOBODY: Route = { ...routeOf([]), topics: Infinity }

/** The route with one subscription more, the youngest of all. */
export function including({ subscriptions }: Route, subscription: Subscription): Route {
  const index = subscriptions.findIndex((other) => other.priority < subscription.priority)
  return routeOf(subscriptions.toSpliced(index < 0 ? subscriptions.length : index, 0, subscription))
}

export function excluding({ subscriptions }: Route, subscription: Subscription): Route {
  const left = subscriptions.filter((other) => other !== subscription)
  return left.length > 0 ? routeOf(left) : NOBODY
}

export function isRouteOf(route: Route, subscriptions: readonly Subscription[]): boolean {
  return (
    route.subscriptions.length === subscriptions.length &&
    route.subscriptions.every((subscription, index) => subscription === subscriptions[index])
  )
}
