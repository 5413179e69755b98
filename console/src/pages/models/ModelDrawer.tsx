import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { Model } from '@/api/types'
import { Editing, useObject } from '@/app/editing'
import { ActionButton, usePermits } from '@/app/permission'
import { money } from '@/format/money'
import { count } from '@/format/number'
import { optionalText } from '@/i18n'
import { AsCode } from '@/ui/as-code'
import { Confirm } from '@/ui/confirm'
import { Drawer } from '@/ui/drawer'
import { Facts } from '@/ui/facts'
import { LimitsList } from '@/ui/limits'
import { useToast } from '@/ui/toast'
import { ModelAccess } from './ModelAccess'
import { ModelDialog } from './ModelDialog'
import { Releases } from './Releases'
import { Targets } from './Targets'

/** One model: where its calls go, what it costs, which version of it serves. */
export function ModelDrawer({ model: listed, onClose }: { model: Model; onClose: () => void }) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const queries = useQueryClient()
  const toast = useToast()
  const permits = usePermits()
  const [removing, setRemoving] = useState(false)
  const [editing, setEditing] = useState(false)
  const { object: model, revision } = useObject(['models'], `/models/${listed.id}`, listed)
  const remove = useMutation({
    mutationFn: () => call('DELETE', `/models/${model.id}`),
    onSuccess: () => {
      toast.done(t('models.removed', { name: model.name }))
      onClose()
    },
    onError: toast.failed,
    onSettled: () => {
      setRemoving(false)
      void queries.invalidateQueries({ queryKey: ['models'] })
    },
  })
  const price = model.price
  const perMillion = (nanos: number) => money(nanos, price?.currency ?? 'USD', language)
  return (
    <Drawer
      title={model.name}
      description={model.tasks.map((task) => optionalText(t, `tasks.${task}`) ?? task).join(', ')}
      actions={
        <>
          <ActionButton
            permission="model:write"
            place="platform"
            icon={<Pencil aria-hidden />}
            onClick={() => setEditing(true)}
          >
            {t('common.edit')}
          </ActionButton>
          <ActionButton
            permission="model:write"
            place="platform"
            icon={<Trash2 aria-hidden />}
            onClick={() => setRemoving(true)}
          >
            {t('common.remove')}
          </ActionButton>
          <AsCode
            request={{
              method: 'GET',
              path: `/models/${model.id}`,
              sdk: 'models.get',
              positional: [model.id],
              cli: `mainspring models show ${model.name}`,
            }}
          />
        </>
      }
      onClose={onClose}
    >
      <Facts
        facts={[
          { id: 'owner', name: t('models.owner'), value: model.owned_by },
          {
            id: 'context',
            name: t('models.contextLength'),
            value: model.context_length ? count(model.context_length, language) : null,
          },
          { id: 'aliases', name: t('models.aliases'), value: model.aliases.join(', ') },
          { id: 'fallbacks', name: t('models.fallbacks'), value: model.fallbacks.join(', ') },
          {
            id: 'strategy',
            name: t('decision.strategy'),
            value: t(`decision.strategies.${model.routing.strategy ?? 'weighted'}`),
          },
          {
            id: 'price',
            name: t('models.price'),
            // What is not priced by tokens has its price elsewhere.
            value: !price
              ? t('requestDetail.noPrice')
              : price.input === undefined
                ? null
                : t('models.prices', {
                    input: perMillion(price.input),
                    output: perMillion(price.output ?? 0),
                  }),
          },
        ]}
      />
      <ModelAccess model={model} revision={revision} />
      <Targets key={model.updated_at} model={model} revision={revision} />
      {permits('release:read', 'platform') ? <Releases model={model} /> : null}
      <h3 className="mt-6 mb-2 font-medium text-ink text-sm">{t('limits.title')}</h3>
      <LimitsList limits={model.limits} />
      {editing ? (
        <Editing<Model>
          path={`/models/${model.id}`}
          title={model.name}
          onClose={() => setEditing(false)}
        >
          {(begun) => <ModelDialog model={begun} onClose={() => setEditing(false)} />}
        </Editing>
      ) : null}
      <Confirm
        open={removing}
        onOpenChange={setRemoving}
        title={t('models.removeTitle', { name: model.name })}
        action={t('common.remove')}
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
      >
        <p>{t('models.removeText', { name: model.name })}</p>
      </Confirm>
    </Drawer>
  )
}
