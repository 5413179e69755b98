/** How far data may go that a model gets to see, as rules and requests for access name it. */
export const DATA_CLASSES = ['public', 'internal', 'confidential', 'restricted'] as const

export type DataClass = (typeof DATA_CLASSES)[number]
