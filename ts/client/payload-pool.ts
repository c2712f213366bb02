import { type Views, viewsOf } from '../bus/index.js'
import type { MemoryBudget } from './memory-budget.js'

/** Smallest class, in bytes; each further one is twice as large. */
const LEAST_BYTES = 128
/** What is taken from the budget at once, but for payloads that are larger. */
const PAGE_BYTES = 256 * 1024
/** A position is the page's number, then the slot in this many bits: a page has at most 2,048. */
const SLOT_BITS = 11
const SLOT_MASK = (1 << SLOT_BITS) - 1

/** Memory of one size class. */
interface Page {
  readonly number: number
  readonly views: Views
  readonly sizeClass: number
  readonly slots: number
  /** Slots that were given back, last in first out. */
  readonly free: number[]
  /** Slots from here on have never been used. */
  fresh: number
}

/**
 * Payloads that do not fit an envelope, off the JavaScript heap, in power-of-two size classes. Memory comes from the budget
 * page by page, and goes back when a page is empty and its class has another.
 */
export class PayloadPool {
  readonly #budget: MemoryBudget
  readonly #pages: (Page | undefined)[] = []
  /** By size class: pages with room. */
  readonly #roomy: Page[][] = []

  constructor(budget: MemoryBudget) {
    this.#budget = budget
  }

  /** Takes room for so many bytes; -1 if the budget has none left. */
  take(bytes: number): number {
    const sizeClass = classOf(bytes)
    const roomy = (this.#roomy[sizeClass] ??= [])
    const page = roomy.at(-1) ?? this.#open(sizeClass)
    if (page === undefined) return -1
    const slot = page.free.pop() ?? page.fresh++
    if (page.free.length === 0 && page.fresh === page.slots) roomy.pop()
    return page.number * (1 << SLOT_BITS) + slot
  }

  /** The memory in which a position lies. */
  views(position: number): Views {
    return this.#page(position).views
  }

  /** Where in that memory it begins, in bytes: a multiple of 128. */
  offset(position: number): number {
    return (position & SLOT_MASK) * slotBytes(this.#page(position).sizeClass)
  }

  give(position: number): void {
    const page = this.#page(position)
    const roomy = this.#roomy[page.sizeClass]
    if (page.free.length === 0 && page.fresh === page.slots) roomy.push(page)
    page.free.push(position & SLOT_MASK)
    if (page.free.length === page.fresh && roomy.length > 1) this.#close(page)
  }

  /** Gives everything back. */
  clear(): void {
    for (const page of this.#pages) if (page !== undefined) this.#close(page)
  }

  #page(position: number): Page {
    return this.#pages[position >>> SLOT_BITS]!
  }

  #open(sizeClass: number): Page | undefined {
    const bytes = pageBytes(sizeClass)
    if (!this.#budget.take(bytes)) return undefined
    const gap = this.#pages.indexOf(undefined)
    const number = gap < 0 ? this.#pages.length : gap
    const slots = bytes / slotBytes(sizeClass)
    const page = { number, views: viewsOf(new ArrayBuffer(bytes)), sizeClass, slots, free: [], fresh: 0 }
    this.#pages[number] = page
    this.#roomy[sizeClass].push(page)
    return page
  }

  #close(page: Page): void {
    this.#pages[page.number] = undefined
    const roomy = this.#roomy[page.sizeClass]
    if (roomy.includes(page)) roomy.splice(roomy.indexOf(page), 1)
    this.#budget.give(pageBytes(page.sizeClass))
  }
}

function classOf(bytes: number): number {
  return bytes <= LEAST_BYTES ? 0 : 32 - Math.clz32((bytes - 1) / LEAST_BYTES)
}

function slotBytes(sizeClass: number): number {
  return LEAST_BYTES * 2 ** sizeClass
}

function pageBytes(sizeClass: number): number {
  return Math.max(PAGE_BYTES, slotBytes(sizeClass))
}
