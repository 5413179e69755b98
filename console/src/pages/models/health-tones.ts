import type { Tone } from '@/ui/status'
import type { TargetHealth } from './targets'

export const HEALTH_TONES: Record<TargetHealth, Tone> = {
  ready: 'ok',
  starting: 'accent',
  down: 'bad',
  unknown: 'idle',
}
