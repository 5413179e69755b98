/** How far back the home page looks, in minutes. */
export const WINDOWS = [15, 60, 360, 1440] as const
export type WindowMinutes = (typeof WINDOWS)[number]
export const DEFAULT_WINDOW: WindowMinutes = 60
