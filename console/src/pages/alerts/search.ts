/** What the address of the page of alerts carries. */

export const ALERT_SECTIONS = ['alerts', 'channels', 'silences'] as const

export type AlertSection = (typeof ALERT_SECTIONS)[number]

export const OWNERS = ['platform', 'organization'] as const

/** Whose alerts: the platform's own, or those of the chosen organisation. */
export type Owner = (typeof OWNERS)[number]

export const ALERT_STATES = ['firing', 'resolved', 'all'] as const

export type AlertState = (typeof ALERT_STATES)[number]

export const SEVERITIES = ['critical', 'warning', 'info'] as const

/** The worst first. */
export type Severity = (typeof SEVERITIES)[number]

export interface AlertsSearch {
  section?: AlertSection | undefined
  of?: Owner | undefined
  /** Without it, what fires now. */
  stage?: AlertState | undefined
  severity?: Severity | undefined
  /** The alert or the channel whose details are open. */
  open?: string | undefined
  /** `past=1`: silences that are over as well. */
  past?: 1 | undefined
}

export function alertsSearch(search: Record<string, unknown>): AlertsSearch {
  return {
    section: ALERT_SECTIONS.find((section) => section === search.section),
    of: OWNERS.find((owner) => owner === search.of),
    stage: ALERT_STATES.find((stage) => stage === search.stage),
    severity: SEVERITIES.find((severity) => severity === search.severity),
    open: typeof search.open === 'string' && search.open ? search.open : undefined,
    past: search.past === 1 ? 1 : undefined,
  }
}
