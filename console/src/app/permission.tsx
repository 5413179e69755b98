/** Actions and pages that know what their reader may do, and explain what is missing. */
import { useQuery } from '@tanstack/react-query'
import { Lock } from 'lucide-react'
import { type ReactNode, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  type Access,
  accessQuery,
  covers,
  type Place,
  permits,
  rolesGiving,
  withEmergency,
} from '@/api/access'
import { emergenciesQuery, isOpen } from '@/api/oversight'
import type { PermissionInfo } from '@/api/types'
import { optionalText } from '@/i18n'
import { Button, type ButtonProps } from '@/ui/button'
import { Card } from '@/ui/card'
import { Dialog, DialogActions } from '@/ui/dialog'
import { Empty } from '@/ui/empty'
import { usePlace, useSession } from './session'

/** The chosen project as a place for permissions. */
export function useHere(): Place {
  const place = usePlace()
  return place ? { orgId: place.organization.id, projectId: place.project.id } : 'platform'
}

function useAccess(): Access | undefined {
  const { user } = useSession()
  const access = useQuery({ ...accessQuery(user.id), enabled: user.id !== '' }).data
  // Read only: the banner keeps it fresh.
  const { data } = useQuery({ ...emergenciesQuery, enabled: false })
  return useMemo(() => {
    const own = data?.items.find((one) => one.user_id === user.id && isOpen(one))
    return access && own ? withEmergency(access, own.role) : access
  }, [access, data, user.id])
}

/** Return the function that tells what may be done; until it is known, nothing is held back. */
export function usePermits(): (permission: string, place: Place) => boolean {
  const access = useAccess()
  return (permission, place) => !access || permits(access, permission, place) !== 'no'
}

const NONE_KNOWN: PermissionInfo[] = []

/** Every permission there is; none until they are known. */
export function useKnownPermissions(): PermissionInfo[] {
  return useAccess()?.known ?? NONE_KNOWN
}

interface Needs {
  permission: string
  /** By default the chosen project. */
  place?: Place | undefined
}

/** A button for an act that needs a permission; without it, it says so instead of acting. */
export function ActionButton({ permission, place, onClick, icon, ...rest }: Needs & ButtonProps) {
  const { t } = useTranslation()
  const here = useHere()
  const mayDo = usePermits()(permission, place ?? here)
  const [asking, setAsking] = useState(false)
  if (mayDo) return <Button {...rest} icon={icon} onClick={onClick} />
  return (
    <>
      <Button
        {...rest}
        tone="ghost"
        icon={<Lock aria-hidden />}
        onClick={() => setAsking(true)}
        data-missing={permission}
      />
      {asking ? (
        <Dialog open onOpenChange={setAsking} title={t('access.missingTitle')}>
          <Missing permission={permission} place={place ?? here} />
          <DialogActions>
            <Button tone="primary" onClick={() => setAsking(false)}>
              {t('common.close')}
            </Button>
          </DialogActions>
        </Dialog>
      ) : null}
    </>
  )
}

/** The content of a page for whoever may see it, and for everybody else the reason. */
export function Permitted({ permission, place, children }: Needs & { children?: ReactNode }) {
  const { t } = useTranslation()
  const here = useHere()
  if (usePermits()(permission, place ?? here)) return children
  return (
    <Card>
      <Empty icon={Lock} title={t('access.missingTitle')}>
        <Missing permission={permission} place={place ?? here} />
      </Empty>
    </Card>
  )
}

/** Which permission is missing, what one has instead, and which roles would give it. */
function Missing({ permission, place }: { permission: string; place: Place }) {
  const { t, i18n } = useTranslation()
  const access = useAccess()
  if (!access) return null
  const list = new Intl.ListFormat(i18n.language, { type: 'disjunction' })
  const all = new Intl.ListFormat(i18n.language)
  const own = access.holdings.filter((held) => covers(held, place)).map(({ role }) => role)
  const helpful = rolesGiving(access, permission).map(({ name }) => roleName(t, name))
  const info = access.known.find(({ name }) => name === permission)
  return (
    <div className="space-y-2 text-start text-sm" data-missing={permission}>
      <p>
        {t('access.needs')} <code className="font-mono text-ink">{permission}</code>
        {info ? ` (${permissionText(t, info.name) ?? info.description})` : null}
      </p>
      <p>
        {own.length > 0
          ? t('access.yourRoles', { roles: all.format(own.map((name) => roleName(t, name))) })
          : t('access.noRole')}
      </p>
      {helpful.length > 0 ? <p>{t('access.ask', { roles: list.format(helpful) })}</p> : null}
    </div>
  )
}

type Translate = ReturnType<typeof useTranslation>['t']

/** The name of a built-in role in the reader's language; an organisation's own keeps its name. */
export function roleName(t: Translate, role: string): string {
  return optionalText(t, `roleNames.${role}`) ?? role
}

/** What a permission allows, in the reader's language if we know it. */
export function permissionText(t: Translate, permission: string): string | null {
  return optionalText(t, `permissions.${permission.replace(':', '_')}`)
}
