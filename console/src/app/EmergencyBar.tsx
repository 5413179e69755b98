import { Link } from '@tanstack/react-router'
import { Siren } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Emergency } from '@/api/types'
import { clockTime } from '@/format/time'
import { useNames } from './names'
import { roleName } from './permission'
import { useSession } from './session'

/** One emergency in a line: who acts, as what, until when and why. */
export default function EmergencyBar({ emergency }: { emergency: Emergency }) {
  const { t, i18n } = useTranslation()
  const { user } = useSession()
  const names = useNames()
  const { id, user_id, reason } = emergency
  const own = user_id === user.id
  const how = {
    role: roleName(t, emergency.role),
    until: clockTime(emergency.until, i18n.language),
  }
  return (
    <p
      data-emergency={id}
      className="flex flex-wrap items-center gap-x-3 gap-y-1 border-line border-b bg-bad-soft px-3 py-2 text-sm sm:px-6 lg:px-8"
    >
      <Siren aria-hidden className="size-4 shrink-0 text-bad-ink" />
      <span className="font-medium text-bad-ink">
        {own
          ? t('emergencies.you', how)
          : t('emergencies.somebody', { ...how, name: names(user_id) })}
      </span>
      <span className="min-w-0 max-w-prose truncate text-ink">{reason}</span>
      <Link
        to="/emergencies"
        search={(before) => ({ ...before, open: id })}
        className="ms-auto rounded font-medium text-bad-ink underline underline-offset-2"
      >
        {t(own ? 'emergencies.toEnd' : 'emergencies.toSee')}
      </Link>
    </p>
  )
}
