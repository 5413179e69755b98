/** What the address of the page of objectives carries. */

export const OBJECTIVE_FACES = ['objectives', 'alerts'] as const

export type ObjectiveFace = (typeof OBJECTIVE_FACES)[number]

export interface ObjectivesSearch {
  face?: ObjectiveFace | undefined
  /** The objective whose details are open. */
  objective?: string | undefined
  /** `kiosk=1`: for a wall that nobody sits at. */
  kiosk?: 1 | undefined
}

export function objectivesSearch(search: Record<string, unknown>): ObjectivesSearch {
  const { objective, kiosk } = search
  return {
    face: OBJECTIVE_FACES.find((face) => face === search.face),
    objective: typeof objective === 'string' && objective ? objective : undefined,
    kiosk: kiosk === 1 || kiosk === true ? 1 : undefined,
  }
}
