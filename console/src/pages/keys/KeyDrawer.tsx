import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Ban, Pencil, RefreshCw } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import { keysQuery } from '@/api/queries'
import type { ApiKey, CreatedKey } from '@/api/types'
import { Editing } from '@/app/editing'
import { ActionButton } from '@/app/permission'
import { fullTime } from '@/format/time'
import { AsCode } from '@/ui/as-code'
import { Button } from '@/ui/button'
import { CopyButton } from '@/ui/copy'
import { Dialog, DialogActions } from '@/ui/dialog'
import { Drawer } from '@/ui/drawer'
import { Facts } from '@/ui/facts'
import { Field } from '@/ui/field'
import { LimitsList } from '@/ui/limits'
import { Problem } from '@/ui/problem'
import { Select } from '@/ui/select'
import { Badge } from '@/ui/status'
import { RelativeTime } from '@/ui/time'
import { EditKeyDialog } from './EditKeyDialog'
import { KEY_TONES, keyState } from './key-state'
import { Secret } from './Secret'
import { ToolSetup } from './ToolSetup'

interface KeyDrawerProps {
  apiKey: ApiKey
  onRevoke: () => void
  onClose: () => void
}

/** One key: what it may do, how it is used, how tools are set up with it, and its end. */
export function KeyDrawer({ apiKey: key, onRevoke, onClose }: KeyDrawerProps) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const [rotating, setRotating] = useState(false)
  const [editing, setEditing] = useState(false)
  const state = keyState(key, Date.now())
  const ended = state === 'revoked' || state === 'expired'
  const place = { orgId: key.org_id, projectId: key.project_id }
  return (
    <Drawer
      title={key.name}
      description={
        <span className="flex flex-wrap items-center gap-2">
          <Badge tone={KEY_TONES[state]} dot>
            {t(`keys.states.${state}`)}
          </Badge>
          <code className="font-mono text-xs">{key.hint}</code>
        </span>
      }
      actions={
        <>
          {ended ? null : (
            <>
              <ActionButton
                permission="key:write"
                place={place}
                icon={<Pencil aria-hidden />}
                onClick={() => setEditing(true)}
              >
                {t('common.edit')}
              </ActionButton>
              <ActionButton
                permission="key:write"
                place={place}
                icon={<RefreshCw aria-hidden />}
                onClick={() => setRotating(true)}
              >
                {t('keys.rotate')}
              </ActionButton>
              <ActionButton
                permission="key:revoke"
                place={place}
                icon={<Ban aria-hidden />}
                onClick={onRevoke}
              >
                {t('keys.revoke')}
              </ActionButton>
            </>
          )}
          <AsCode
            request={{
              method: 'GET',
              path: `/keys/${key.id}`,
              sdk: 'keys.get',
              positional: [key.id],
              cli: `mainspring keys list --project ${key.project_id}`,
            }}
          />
        </>
      }
      onClose={onClose}
    >
      <Facts
        facts={[
          {
            id: 'id',
            name: t('keys.id'),
            value: (
              <span className="inline-flex items-center gap-1">
                <code className="wrap-anywhere font-mono text-xs">{key.id}</code>
                <CopyButton text={key.id} label={t('keys.id')} />
              </span>
            ),
          },
          { id: 'created', name: t('keys.created'), value: fullTime(key.created_at, language) },
          {
            id: 'used',
            name: t('keys.lastUsed'),
            value: key.last_used_at ? <RelativeTime at={key.last_used_at} /> : t('keys.never'),
          },
          {
            id: 'expires',
            name: t('keys.expires'),
            value: key.expires_at ? fullTime(key.expires_at, language) : t('keys.neverExpires'),
          },
          {
            id: 'models',
            name: t('keys.models'),
            value: key.models?.join(', ') ?? t('keys.allModels'),
          },
          { id: 'scopes', name: t('keys.scopes'), value: key.scopes.join(', ') },
          { id: 'replaces', name: t('keys.replaces'), value: key.replaces },
        ]}
      />
      <h3 className="mt-6 mb-2 font-medium text-ink text-sm">{t('limits.title')}</h3>
      <LimitsList limits={key.limits} />
      <p className="mt-4">
        <Link
          to="/requests"
          search={{ key: key.id, show: 'calls' }}
          className="font-medium text-accent-ink text-sm underline"
        >
          {t('keys.requests')}
        </Link>
      </p>
      {ended ? null : (
        <div className="mt-6">
          <ToolSetup organizationId={key.org_id} allowed={key.models} />
        </div>
      )}
      {editing ? (
        <Editing<ApiKey>
          path={`/keys/${key.id}`}
          title={key.name}
          onClose={() => setEditing(false)}
        >
          {(begun) => <EditKeyDialog apiKey={begun} onClose={() => setEditing(false)} />}
        </Editing>
      ) : null}
      {rotating ? <RotateDialog apiKey={key} onClose={() => setRotating(false)} /> : null}
    </Drawer>
  )
}

const OVERLAPS_H = [0, 1, 24, 168] as const
const HOUR_S = 3_600

function RotateDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [hours, setHours] = useState(24)
  const rotate = useMutation({
    mutationFn: () =>
      call<CreatedKey>('POST', `/keys/${apiKey.id}/rotate`, {
        body: { overlap_s: hours * HOUR_S },
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: keysQuery(apiKey.project_id).queryKey }),
    gcTime: 0,
  })
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      dismissible={!rotate.data}
      title={rotate.data ? t('keys.createdTitle') : t('keys.rotateTitle', { name: apiKey.name })}
      description={rotate.data ? t('keys.createdText') : t('keys.rotateText')}
      className="sm:max-w-xl"
    >
      {rotate.data ? (
        <Secret created={rotate.data} organizationId={apiKey.org_id} onClose={onClose} />
      ) : (
        <>
          <Field label={t('keys.overlap')} hint={t('keys.overlapHint')}>
            {(control) => (
              <Select
                {...control}
                className="w-full"
                value={hours}
                onChange={(event) => setHours(Number(event.target.value))}
              >
                {OVERLAPS_H.map((one) => (
                  <option key={one} value={one}>
                    {t(`keys.overlaps.${one}`)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          {rotate.isError ? <Problem error={rotate.error} className="mt-3" /> : null}
          <DialogActions>
            <Button onClick={onClose}>{t('common.cancel')}</Button>
            <Button tone="primary" busy={rotate.isPending} onClick={() => rotate.mutate()}>
              {t('keys.rotateAction')}
            </Button>
          </DialogActions>
        </>
      )}
    </Dialog>
  )
}
