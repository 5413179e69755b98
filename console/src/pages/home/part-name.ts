import type { TFunction } from 'i18next'
import type { Part, PartState } from '@/api/types'
import { optionalText } from '@/i18n'
import type { Tone } from '@/ui/status'

export const PART_TONES: Record<PartState, Tone> = {
  ready: 'ok',
  starting: 'accent',
  degraded: 'warn',
  stopping: 'idle',
  stopped: 'idle',
  failed: 'bad',
  lost: 'bad',
}

/** What people call a part: by its name where that says more than its role, `llm` than `runtime`. */
export function partName(t: TFunction, { name, role }: Pick<Part, 'name' | 'role'>): string {
  return optionalText(t, `parts.${name}`) ?? optionalText(t, `parts.${role}`) ?? name
}
