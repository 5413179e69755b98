import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { ListChecks, Pencil, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { AccessRule } from '@/api/types'
import { EditingOfList } from '@/app/editing'
import { useNames } from '@/app/names'
import { ActionButton } from '@/app/permission'
import { Card, CardHeader } from '@/ui/card'
import { Confirm } from '@/ui/confirm'
import { Empty } from '@/ui/empty'
import { Problem } from '@/ui/problem'
import { SkeletonRows } from '@/ui/skeleton'
import { Badge } from '@/ui/status'
import { useToast } from '@/ui/toast'
import { rulesQuery } from './queries'
import { RuleDialog } from './RuleDialog'
import { useApprovers } from './Steps'

/** The rules that say who has to agree to what, in the order in which they speak. */
export function RulesTab({ orgId }: { orgId: string }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const rules = useQuery(rulesQuery(orgId))
  const [editing, setEditing] = useState<AccessRule | 'new' | null>(null)
  const [removing, setRemoving] = useState<AccessRule | null>(null)
  const remove = useMutation({
    mutationFn: (rule: AccessRule) => call('DELETE', `/access-rules/${rule.id}`),
    onSuccess: (_, rule) => toast.done(t('accessRules.removed', { name: rule.name })),
    onError: toast.failed,
    onSettled: () => {
      setRemoving(null)
      void queries.invalidateQueries({ queryKey: ['access-rules'] })
    },
  })
  const again = () => {
    setEditing(null)
    void rules.refetch()
  }
  const create = (
    <ActionButton
      permission="access:rule"
      place={{ orgId }}
      tone="primary"
      icon={<Plus aria-hidden />}
      onClick={() => setEditing('new')}
    >
      {t('accessRules.create')}
    </ActionButton>
  )
  const items = rules.data?.items
  return (
    <Card aria-labelledby="rules">
      <CardHeader id="rules" title={t('accessRequests.tabs.rules')} hint={t('accessRules.hint')}>
        {items && items.length > 0 ? create : null}
      </CardHeader>
      {rules.isError ? (
        <Problem error={rules.error} onRetry={() => rules.refetch()} className="m-4" />
      ) : items === undefined ? (
        <SkeletonRows />
      ) : items.length === 0 ? (
        <Empty icon={ListChecks} title={t('accessRules.emptyTitle')} action={create}>
          {t('accessRules.emptyText')}
        </Empty>
      ) : (
        <ol className="divide-y divide-line/70">
          {items.map((rule) => (
            <Rule
              key={rule.id}
              rule={rule}
              onEdit={() => setEditing(rule)}
              onRemove={() => setRemoving(rule)}
            />
          ))}
        </ol>
      )}
      {editing ? (
        <EditingOfList onAgain={again}>
          <RuleDialog
            orgId={orgId}
            rule={editing === 'new' ? null : editing}
            onClose={() => setEditing(null)}
          />
        </EditingOfList>
      ) : null}
      <Confirm
        open={removing !== null}
        onOpenChange={(open) => !open && setRemoving(null)}
        title={t('accessRules.removeTitle', { name: removing?.name ?? '' })}
        action={t('common.remove')}
        busy={remove.isPending}
        onConfirm={() => removing && remove.mutate(removing)}
      >
        <p>{t('accessRules.removeText')}</p>
      </Confirm>
    </Card>
  )
}

interface RuleProps {
  rule: AccessRule
  onEdit: () => void
  onRemove: () => void
}

function Rule({ rule, onEdit, onRemove }: RuleProps) {
  const { t, i18n } = useTranslation()
  const names = useNames()
  const approver = useApprovers(rule.org_id ?? '')
  const words = (need: string | undefined, approvers: readonly string[]) =>
    new Intl.ListFormat(i18n.language, {
      type: need === 'all' ? 'conjunction' : 'disjunction',
    }).format(approvers.map(approver))
  const place = rule.org_id ? { orgId: rule.org_id } : ('platform' as const)
  return (
    <li
      data-rule={rule.name}
      className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3 sm:px-5"
    >
      <span className="tabular w-10 text-ink-faint text-sm">{rule.position}</span>
      <div className="min-w-0 flex-1 basis-64 text-sm">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-medium text-ink">{rule.name}</span>
          <Badge>{t(rule.org_id ? 'models.ofOrganization' : 'models.ofEveryone')}</Badge>
          {rule.enabled ? null : <Badge tone="warn">{t('accessRules.off')}</Badge>}
        </p>
        <p className="mt-0.5 text-ink-soft">
          {conditions(rule, t, i18n.language, names).join(' · ') || t('accessRules.always')}
        </p>
        <p className="mt-1 text-ink">
          {rule.denies
            ? t('accessRules.denies', { reason: rule.denies })
            : rule.steps.length === 0
              ? t('accessRules.agrees')
              : rule.steps
                  .map((step) => `${step.name}: ${words(step.need, step.approvers)}`)
                  .join(' → ')}
        </p>
      </div>
      <div className="flex gap-1">
        <ActionButton
          permission="access:rule"
          place={place}
          tone="ghost"
          size="icon-sm"
          icon={<Pencil aria-hidden />}
          aria-label={t('accessRules.editNamed', { name: rule.name })}
          onClick={onEdit}
        />
        <ActionButton
          permission="access:rule"
          place={place}
          tone="ghost"
          size="icon-sm"
          icon={<Trash2 aria-hidden />}
          aria-label={t('accessRules.removeNamed', { name: rule.name })}
          onClick={onRemove}
        />
      </div>
    </li>
  )
}

function conditions(
  rule: AccessRule,
  t: TFunction,
  language: string,
  names: (id: string) => string,
): string[] {
  const list = (words: readonly string[]) =>
    new Intl.ListFormat(language, { type: 'disjunction' }).format(words)
  return [
    rule.models.length > 0 ? t('accessRules.when.models', { models: list(rule.models) }) : '',
    rule.tags.length > 0 ? t('accessRules.when.tags', { tags: list(rule.tags) }) : '',
    rule.data_classes.length > 0
      ? t('accessRules.when.data', {
          classes: list(rule.data_classes.map((one) => t(`dataClasses.${one as 'internal'}`))),
        })
      : '',
    rule.project_ids.length > 0
      ? t('accessRules.when.projects', { projects: list(rule.project_ids.map(names)) })
      : '',
    rule.min_cost === null
      ? ''
      : t('accessRules.when.cost', {
          amount: new Intl.NumberFormat(language).format(rule.min_cost / 1e9),
        }),
    rule.more_than_days === null ? '' : t('accessRules.when.days', { count: rule.more_than_days }),
  ].filter(Boolean)
}
