import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import { keysQuery } from '@/api/queries'
import type { Tagged } from '@/api/tagged'
import type { Policy } from '@/api/types'
import { ActionButton, usePermits } from '@/app/permission'
import type { Place } from '@/app/session'
import { Button } from '@/ui/button'
import { Field, Input } from '@/ui/field'
import { FormDialog } from '@/ui/form-dialog'
import { Select } from '@/ui/select'
import { useToast } from '@/ui/toast'
import { DryRunSection } from './DryRunSection'
import {
  attachmentOf,
  contentOf,
  emptyRule,
  formOf,
  type Level,
  levelOf,
  type PolicyForm,
} from './policy-form'
import { RuleFields } from './RuleFields'

const EXAMPLE_MODELS = 'writer, writer-*'
const LEVELS: readonly Level[] = ['key', 'project', 'organization', 'platform']
const CACHE_MODES = ['off', 'exact', 'semantic'] as const
const CAPTURE_LEVELS = ['off', 'metadata', 'redacted', 'full'] as const

interface PolicyDialogProps {
  place: Place
  policy: Tagged<Policy> | null
  onRemove?: () => void
  onClose: () => void
}

/** What a policy says, and a try of it on calls that were recorded, before it holds. */
export function PolicyDialog({ place, policy, onRemove, onClose }: PolicyDialogProps) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const permits = usePermits()
  const orgId = place.organization.id
  const projectId = place.project.id
  const places = {
    platform: 'platform' as const,
    organization: { orgId },
    project: { orgId, projectId },
    key: { orgId, projectId },
  }
  const [form, setForm] = useState(() => formOf(policy))
  const set = (changed: Partial<PolicyForm>) => setForm({ ...form, ...changed })
  const level = policy ? levelOf(policy) : form.level
  const where =
    policy?.org_id && policy.org_id !== orgId
      ? { orgId: policy.org_id }
      : policy?.project_id
        ? { orgId, projectId: policy.project_id }
        : places[level]
  const mayWrite =
    permits('policy:write', where) && (!policy?.locked || permits('policy:write', 'platform'))
  const keys = useInfiniteQuery({
    ...keysQuery(projectId),
    enabled: policy === null && form.level === 'key',
  })
  const keyRows = keys.data?.pages.flatMap(({ items }) => items.filter((key) => !key.revoked_at))
  const keyId = form.keyId || (keyRows?.[0]?.id ?? '')
  const content = contentOf(form)
  const locked = permits('policy:write', 'platform') && level !== 'platform'
  const save = useMutation({
    mutationFn: () => {
      const body = {
        ...content,
        ...(locked && form.locked !== (policy?.locked ?? false) ? { locked: form.locked } : {}),
      }
      return policy
        ? call<Policy>('PATCH', `/policies/${policy.id}`, { body, ifMatch: policy.revision })
        : call<Policy>('POST', '/policies', {
            body: { ...body, ...attachmentOf({ ...form, keyId }, orgId, projectId) },
          })
    },
    onSuccess: (saved) => {
      void queries.invalidateQueries({ queryKey: ['policies'] })
      void queries.invalidateQueries({ queryKey: ['effective-policy'] })
      toast.done(t('policies.saved', { name: saved.name }))
      onClose()
    },
  })
  return (
    <FormDialog
      title={policy ? policy.name : t('policies.create')}
      description={t('policies.text')}
      action={t('common.save')}
      busy={save.isPending}
      error={save.error}
      disabled={!mayWrite || (form.level === 'key' && !policy && !keyId)}
      className="sm:max-w-3xl"
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      {policy && !mayWrite ? (
        <p className="rounded-lg bg-sunken px-3.5 py-2.5 text-ink-soft text-sm">
          {t('policies.readOnly')}
        </p>
      ) : null}
      <fieldset disabled={!mayWrite} className="space-y-4">
        <legend className="sr-only">{t('policies.text')}</legend>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t('policies.name')}>
            {(control) => (
              <Input
                {...control}
                required
                maxLength={120}
                value={form.name}
                onChange={(event) => set({ name: event.target.value })}
              />
            )}
          </Field>
          <Field label={t('policies.where')} hint={t('policies.whereHint')}>
            {(control) => (
              <Select
                {...control}
                className="w-full"
                disabled={policy !== null || !mayWrite}
                value={level}
                onChange={(event) =>
                  set({ level: LEVELS.find((one) => one === event.target.value) ?? 'project' })
                }
              >
                {LEVELS.filter((one) => one === level || permits('policy:write', places[one])).map(
                  (one) => (
                    <option key={one} value={one}>
                      {one === 'project'
                        ? t('explain.project', { name: place.project.name })
                        : one === 'organization'
                          ? t('explain.organization', { name: place.organization.name })
                          : t(`policies.levels.${one}`)}
                    </option>
                  ),
                )}
              </Select>
            )}
          </Field>
          {policy === null && form.level === 'key' ? (
            <Field label={t('requests.key')}>
              {(control) => (
                <Select
                  {...control}
                  className="w-full"
                  value={keyId}
                  onChange={(event) => set({ keyId: event.target.value })}
                >
                  {keyRows?.map(({ id, name }) => (
                    <option key={id} value={id}>
                      {name}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
          ) : null}
          <Field label={t('keys.models')} hint={t('policies.modelsHint')}>
            {(control) => (
              <Input
                {...control}
                placeholder={EXAMPLE_MODELS}
                value={form.models}
                onChange={(event) => set({ models: event.target.value })}
              />
            )}
          </Field>
        </div>
        <fieldset className="space-y-3">
          <legend className="mb-1.5 font-medium text-ink text-sm">
            {t('policies.parameters')}
          </legend>
          {form.rules.map((rule, index) => (
            <RuleFields
              key={rule.row}
              rule={rule}
              place={index + 1}
              onChange={(changed) =>
                set({
                  rules: form.rules.map((one) =>
                    one.row === rule.row ? { ...one, ...changed } : one,
                  ),
                })
              }
              onDrop={() => set({ rules: form.rules.filter(({ row }) => row !== rule.row) })}
            />
          ))}
          <Button
            size="sm"
            icon={<Plus aria-hidden />}
            onClick={() =>
              set({
                rules: [
                  ...form.rules,
                  emptyRule(Math.max(-1, ...form.rules.map(({ row }) => row)) + 1),
                ],
              })
            }
          >
            {t('policies.addRule')}
          </Button>
        </fieldset>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t('policies.cache')}>
            {(control) => (
              <Select
                {...control}
                className="w-full"
                value={form.cacheMode}
                onChange={(event) =>
                  set({ cacheMode: CACHE_MODES.find((one) => one === event.target.value) ?? '' })
                }
              >
                <option value="">{t('policies.cacheModes.none')}</option>
                {CACHE_MODES.map((mode) => (
                  <option key={mode} value={mode}>
                    {t(`policies.cacheModes.${mode}`)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          {form.cacheMode && form.cacheMode !== 'off' ? (
            <Field label={t('policies.cacheTtl')}>
              {(control) => (
                <Input
                  {...control}
                  type="number"
                  min={1}
                  required
                  className="tabular"
                  value={form.cacheTtl}
                  onChange={(event) => set({ cacheTtl: event.target.valueAsNumber })}
                />
              )}
            </Field>
          ) : null}
        </div>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t('policies.captureMost')} hint={t('policies.captureHint')}>
            {(control) => (
              <Select
                {...control}
                className="w-full"
                value={form.captureLevel}
                onChange={(event) =>
                  set({
                    captureLevel: CAPTURE_LEVELS.find((one) => one === event.target.value) ?? '',
                  })
                }
              >
                <option value="">{t('policies.captureNone')}</option>
                {CAPTURE_LEVELS.map((level) => (
                  <option key={level} value={level}>
                    {t(`capture.levels.${level}`)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          {form.captureLevel && form.captureLevel !== 'off' ? (
            <Field label={t('policies.captureShare')}>
              {(control) => (
                <Input
                  {...control}
                  type="number"
                  min={0}
                  max={100}
                  step="any"
                  required
                  className="tabular"
                  value={form.capturePercent}
                  onChange={(event) => set({ capturePercent: event.target.valueAsNumber })}
                />
              )}
            </Field>
          ) : null}
        </div>
        <div className="space-y-2">
          <label className="flex items-center gap-2.5 text-ink text-sm">
            <input
              type="checkbox"
              className="size-4 accent-(--accent)"
              checked={form.enabled}
              onChange={(event) => set({ enabled: event.target.checked })}
            />
            {t('policies.enabled')}
          </label>
          {locked ? (
            <label className="flex items-center gap-2.5 text-ink text-sm">
              <input
                type="checkbox"
                className="size-4 accent-(--accent)"
                checked={form.locked}
                onChange={(event) => set({ locked: event.target.checked })}
              />
              {t('policies.locked')}
            </label>
          ) : null}
        </div>
      </fieldset>
      <DryRunSection
        place={place}
        proposed={{
          ...content,
          name: content.name || 'proposed',
          ...(policy
            ? {
                id: policy.id,
                org_id: policy.org_id,
                project_id: policy.project_id,
                key_id: policy.key_id,
              }
            : attachmentOf({ ...form, keyId }, orgId, projectId)),
        }}
      />
      {policy && onRemove && mayWrite ? (
        <ActionButton
          permission="policy:write"
          place={where}
          size="sm"
          tone="ghost"
          icon={<Trash2 aria-hidden />}
          onClick={onRemove}
        >
          {t('policies.remove')}
        </ActionButton>
      ) : null}
    </FormDialog>
  )
}
