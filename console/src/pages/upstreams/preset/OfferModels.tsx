import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { Model, PresetUpstream } from '@/api/types'
import { Field, Input } from '@/ui/field'
import { FormDialog } from '@/ui/form-dialog'
import { useToast } from '@/ui/toast'
import { likelyTask } from './form'

interface OfferModelsProps {
  upstream: PresetUpstream
  /** What the server says that it has. */
  models: string[]
  onClose: () => void
}

/** So many are drawn at once; the filter finds the rest. */
const SHOWN = 60

/** Makes models of an upstream that was just added, under the names that its server gives them. */
export function OfferModels({ upstream, models, onClose }: OfferModelsProps) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState<string[]>([])
  const shown = models.filter((name) => name.toLowerCase().includes(typed.trim().toLowerCase()))
  const offer = useMutation({
    // One after the other: the first refusal says what is wrong, and those before it stand.
    mutationFn: async () => {
      for (const name of chosen) {
        await call<Model>('POST', '/models', {
          body: {
            name,
            tasks: [likelyTask(name)],
            targets: [{ upstream_id: upstream.id, upstream_model: name }],
          },
        })
        setChosen((before) => before.filter((one) => one !== name))
      }
      return chosen.length
    },
    onSuccess: (made) => {
      toast.done(t('presets.offered', { count: made }))
      onClose()
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['models'] }),
  })
  return (
    <FormDialog
      title={t('presets.offerTitle', { name: upstream.name })}
      description={t('presets.offerText')}
      action={t('presets.offer', { count: chosen.length })}
      busy={offer.isPending}
      error={offer.error}
      disabled={chosen.length === 0}
      className="sm:max-w-xl"
      onSubmit={() => offer.mutate()}
      onClose={onClose}
    >
      <Field label={t('models.filter')}>
        {(control) => (
          <Input
            {...control}
            type="search"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
      </Field>
      <ul className="max-h-72 space-y-1.5 overflow-y-auto">
        {shown.slice(0, SHOWN).map((name) => (
          <li key={name}>
            <label className="flex items-center gap-2.5 text-ink text-sm">
              <input
                type="checkbox"
                className="size-4 accent-(--accent)"
                checked={chosen.includes(name)}
                onChange={(event) =>
                  setChosen(
                    event.target.checked ? [...chosen, name] : chosen.filter((one) => one !== name),
                  )
                }
              />
              <span className="wrap-anywhere min-w-0 flex-1">{name}</span>
              <span className="text-ink-faint text-xs">{t(`tasks.${likelyTask(name)}`)}</span>
            </label>
          </li>
        ))}
      </ul>
    </FormDialog>
  )
}
