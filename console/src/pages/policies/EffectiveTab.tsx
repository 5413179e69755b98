import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Search } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keysQuery, modelsQuery } from '@/api/queries'
import { useHere, usePermits } from '@/app/permission'
import type { Place } from '@/app/session'
import { Button } from '@/ui/button'
import { Card } from '@/ui/card'
import { Input } from '@/ui/field'
import { Problem } from '@/ui/problem'
import { Select } from '@/ui/select'
import { SkeletonRows } from '@/ui/skeleton'
import { Effective } from './Effective'
import { effectiveQuery, type Whose } from './queries'
import type { PoliciesSearch } from './search'

interface EffectiveTabProps {
  place: Place
  whose: Whose
  onChange: (next: PoliciesSearch) => void
}

/** What holds in the end for the calls of a project, a key, a model, and whose word each is. */
export function EffectiveTab({ place, whose, onChange }: EffectiveTabProps) {
  const { t } = useTranslation()
  const permits = usePermits()
  const here = useHere()
  const models = useQuery(modelsQuery(place.organization.id))
  const keys = useInfiniteQuery({
    ...keysQuery(place.project.id),
    enabled: permits('key:read', here),
  })
  const effective = useQuery(effectiveQuery(whose))
  const rows = keys.data?.pages.flatMap(({ items }) => items.filter((key) => !key.revoked_at)) ?? []
  return (
    <div className="space-y-4">
      <div className="flex flex-wrap items-center gap-2">
        <Select
          aria-label={t('requests.model')}
          className="max-w-full"
          value={whose.model ?? ''}
          onChange={(event) => onChange({ model: event.target.value || undefined })}
        >
          <option value="">{t('policies.everyModel')}</option>
          {models.data?.items.map(({ id, name }) => (
            <option key={id} value={name}>
              {name}
            </option>
          ))}
        </Select>
        <Select
          aria-label={t('requests.key')}
          className="max-w-full"
          value={whose.key ?? ''}
          onChange={(event) => onChange({ key: event.target.value || undefined })}
        >
          <option value="">{t('policies.everyKey')}</option>
          {rows.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
        <ExplainRequest />
      </div>
      {effective.isError ? (
        <Problem error={effective.error} onRetry={() => effective.refetch()} />
      ) : effective.data ? (
        <Effective effective={effective.data} />
      ) : (
        <Card>
          <SkeletonRows rows={6} />
        </Card>
      )}
    </div>
  )
}

/** The way to why one request went where it went, by the id that its answer has. */
function ExplainRequest() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [id, setId] = useState('')
  return (
    <form
      className="flex w-full gap-2 sm:ms-auto sm:w-auto"
      onSubmit={(event) => {
        event.preventDefault()
        void navigate({ to: '/requests', search: { request: id.trim(), tab: 'decision' } })
      }}
    >
      <Input
        aria-label={t('policies.requestId')}
        placeholder={t('policies.requestId')}
        className="min-w-0 sm:w-64"
        value={id}
        onChange={(event) => setId(event.target.value)}
      />
      <Button type="submit" icon={<Search aria-hidden />} disabled={id.trim() === ''}>
        {t('policies.explainRequest')}
      </Button>
    </form>
  )
}
