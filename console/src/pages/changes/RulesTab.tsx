import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { send } from '@/api/client'
import { fourEyesQuery } from '@/api/oversight'
import { type Tagged, taggedOf } from '@/api/tagged'
import type { FourEyes } from '@/api/types'
import { EditingOfList } from '@/app/editing'
import { ActionButton } from '@/app/permission'
import { Card, CardHeader } from '@/ui/card'
import { Field, Input, Textarea } from '@/ui/field'
import { Problem } from '@/ui/problem'
import { SkeletonRows } from '@/ui/skeleton'
import { Badge } from '@/ui/status'
import { RelativeTime } from '@/ui/time'
import { useToast } from '@/ui/toast'

/** Which changes need a second person. */
export function RulesTab() {
  const rules = useQuery(fourEyesQuery)
  // A form is begun anew when it was saved, or when its writer asks for it; never under their hands.
  const [generation, setGeneration] = useState(0)
  const again = () => setGeneration((before) => before + 1)
  if (rules.isError) return <Problem error={rules.error} onRetry={() => rules.refetch()} />
  if (!rules.data) {
    return (
      <Card>
        <SkeletonRows />
      </Card>
    )
  }
  return (
    <EditingOfList onAgain={() => void rules.refetch().then(again)}>
      <RulesForm key={generation} rules={rules.data} onSaved={again} />
    </EditingOfList>
  )
}

/** The actions as they are written: one on each line. */
const actionsOf = (text: string) => text.split(/[\s,]+/).filter(Boolean)

function RulesForm({ rules: given, onSaved }: { rules: Tagged<FourEyes>; onSaved: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const id = useId()
  const [rules] = useState(given)
  const [enabled, setEnabled] = useState(rules.enabled)
  const [actions, setActions] = useState(rules.actions.join('\n'))
  const [hours, setHours] = useState(rules.hours)
  const save = useMutation({
    mutationFn: async () =>
      await taggedOf<FourEyes>(
        await send('PUT', '/four-eyes', {
          body: { enabled, actions: actionsOf(actions), hours },
          ifMatch: rules.revision,
        }),
      ),
    onSuccess: (answer) => {
      queries.setQueryData(fourEyesQuery.queryKey, answer)
      toast.done(t('changes.rulesSaved'))
      onSaved()
    },
  })
  return (
    <Card aria-labelledby={`${id}-title`}>
      <CardHeader id={`${id}-title`} title={t('changes.tabs.rules')}>
        <Badge tone={rules.enabled ? 'ok' : 'idle'} dot>
          {t(rules.enabled ? 'changes.on' : 'changes.off')}
        </Badge>
      </CardHeader>
      <form
        className="max-w-3xl space-y-4 px-4 pb-5 sm:px-5"
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <p className="text-ink-soft text-sm">{t('changes.rulesText')}</p>
        <label className="flex items-center gap-2.5 text-ink text-sm">
          <input
            type="checkbox"
            checked={enabled}
            onChange={(event) => setEnabled(event.target.checked)}
            className="size-4 accent-(--accent)"
          />
          {t('changes.enabled')}
        </label>
        <Field label={t('changes.actions')} hint={t('changes.actionsHint')}>
          {(control) => (
            <Textarea
              {...control}
              rows={Math.min(18, Math.max(6, actions.split('\n').length + 1))}
              spellCheck={false}
              className="font-mono text-sm"
              value={actions}
              onChange={(event) => setActions(event.target.value)}
            />
          )}
        </Field>
        <Field label={t('changes.hours')} hint={t('changes.hoursHint')} className="max-w-48">
          {(control) => (
            <Input
              {...control}
              type="number"
              min={1}
              max={720}
              required
              className="tabular"
              value={hours}
              onChange={(event) => setHours(event.target.valueAsNumber)}
            />
          )}
        </Field>
        {save.error ? <Problem error={save.error} /> : null}
        <div className="flex flex-wrap items-center gap-3">
          <ActionButton
            permission="four_eyes:write"
            place="platform"
            tone="primary"
            type="submit"
            busy={save.isPending}
          >
            {t('common.save')}
          </ActionButton>
          <span className="text-ink-faint text-xs">
            {t('changes.changedAt')} <RelativeTime at={rules.updated_at} />
          </span>
        </div>
      </form>
    </Card>
  )
}
