import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Check, CircleSlash } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import { membersQuery } from '@/api/people'
import type { Explanation } from '@/api/types'
import { permissionText, roleName, useKnownPermissions, usePermits } from '@/app/permission'
import { type Place, useSession } from '@/app/session'
import { AsCode } from '@/ui/as-code'
import { Card, CardHeader } from '@/ui/card'
import { cx } from '@/ui/cx'
import { Field } from '@/ui/field'
import { Problem } from '@/ui/problem'
import { Select } from '@/ui/select'
import { SkeletonRows } from '@/ui/skeleton'
import { Badge } from '@/ui/status'

/** Whether somebody may do something somewhere, and every role that was looked at. */
export function ExplainTab({ place }: { place: Place }) {
  const { t } = useTranslation()
  const { user } = useSession()
  const permits = usePermits()
  const orgId = place.organization.id
  const members = useInfiniteQuery({
    ...membersQuery(orgId),
    enabled: permits('member:read', { orgId }),
  })
  const people = members.data?.pages.flatMap(({ items }) => items) ?? []
  const known = useKnownPermissions()
  const [actor, setActor] = useState(user.id)
  const [permission, setPermission] = useState('key:write')
  const [resource, setResource] = useState(place.project.id)
  const query = { actor, permission, resource }
  const explanation = useQuery({
    queryKey: ['explain', actor, permission, resource],
    queryFn: ({ signal }) => call<Explanation>('GET', '/access/explain', { signal, query }),
  })
  return (
    <Card aria-labelledby="explain">
      <CardHeader id="explain" title={t('explain.title')}>
        <AsCode
          request={{
            method: 'GET',
            path: '/access/explain',
            query,
            sdk: 'access.explain',
            cli: `mainspring roles explain ${actor} ${permission} ${resource}`,
          }}
        />
      </CardHeader>
      <div className="grid gap-3 px-4 pb-4 sm:grid-cols-3 sm:px-5">
        <Field label={t('explain.who')}>
          {(control) => (
            <Select {...control} value={actor} onChange={(event) => setActor(event.target.value)}>
              <option value={user.id}>{t('explain.myself', { name: user.name })}</option>
              {people
                .filter(({ user_id }) => user_id !== user.id)
                .map(({ user_id, name, email }) => (
                  <option key={user_id} value={user_id}>
                    {`${name} (${email})`}
                  </option>
                ))}
            </Select>
          )}
        </Field>
        <Field label={t('explain.what')}>
          {(control) => (
            <Select
              {...control}
              value={permission}
              onChange={(event) => setPermission(event.target.value)}
            >
              {known.map(({ name, description }) => (
                <option key={name} value={name}>
                  {`${name}: ${permissionText(t, name) ?? description}`}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('explain.where')}>
          {(control) => (
            <Select
              {...control}
              value={resource}
              onChange={(event) => setResource(event.target.value)}
            >
              {place.organization.projects.map(({ id, name }) => (
                <option key={id} value={id}>
                  {t('explain.project', { name })}
                </option>
              ))}
              <option value={orgId}>
                {t('explain.organization', { name: place.organization.name })}
              </option>
              <option value="platform">{t('explain.platform')}</option>
            </Select>
          )}
        </Field>
      </div>
      <div className="border-line border-t px-4 py-4 sm:px-5">
        {explanation.isError ? (
          <Problem error={explanation.error} />
        ) : explanation.isPending ? (
          <SkeletonRows rows={2} />
        ) : (
          <Answer explanation={explanation.data} />
        )}
      </div>
    </Card>
  )
}

function Answer({ explanation }: { explanation: Explanation }) {
  const { t } = useTranslation()
  const { allowed, considered, disabled } = explanation
  return (
    <div data-allowed={allowed}>
      <p
        className={cx(
          'flex items-center gap-2 font-medium text-base',
          allowed ? 'text-ok-ink' : 'text-bad-ink',
        )}
      >
        {allowed ? (
          <Check aria-hidden className="size-5" />
        ) : (
          <CircleSlash aria-hidden className="size-5" />
        )}
        {allowed ? t('explain.yes') : t('explain.no')}
      </p>
      {disabled ? <p className="mt-1 text-bad-ink text-sm">{t('explain.disabled')}</p> : null}
      <h3 className="mt-4 mb-1.5 text-ink-faint text-xs">{t('explain.considered')}</h3>
      {considered.length === 0 ? (
        <p className="text-ink-soft text-sm">{t('explain.noRole')}</p>
      ) : (
        <ul className="space-y-1.5">
          {considered.map((one) => (
            <li
              key={`${one.role}/${one.org_id ?? ''}/${one.project_id ?? ''}/${one.through}`}
              className="flex flex-wrap items-center gap-2 text-sm"
            >
              <span className="font-medium text-ink">{roleName(t, one.role)}</span>
              <span className="text-ink-soft">{one.through}</span>
              <Badge tone={one.covers ? 'ok' : 'idle'}>
                {one.covers ? t('explain.covers') : t('explain.elsewhere')}
              </Badge>
              <Badge tone={one.permits ? 'ok' : 'idle'}>
                {one.permits ? t('explain.permits') : t('explain.permitsNot')}
              </Badge>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
