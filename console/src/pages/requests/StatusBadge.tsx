import { useTranslation } from 'react-i18next'
import { optionalText } from '@/i18n'
import { Badge } from '@/ui/status'

/** How a call ended: the status that was answered and, if it failed, why. */
export function StatusBadge({ status, outcome }: { status: number; outcome: string }) {
  const { t } = useTranslation()
  const tone = status >= 400 && status !== 499 ? 'bad' : status >= 400 ? 'idle' : 'ok'
  return (
    <Badge dot tone={tone} className="max-w-full">
      <span className="tabular">{status}</span>
      {outcome === 'ok' ? null : (
        <span className="truncate max-2xl:hidden">
          {optionalText(t, `outcomes.${outcome}`) ?? outcome}
        </span>
      )}
    </Badge>
  )
}
