/** How urgent the messages of a topic are: one lane each. */
export const Priority = { LOW: 0, NORMAL: 1, HIGH: 2, CRITICAL: 3 } as const

export type Priority = (typeof Priority)[keyof typeof Priority]
