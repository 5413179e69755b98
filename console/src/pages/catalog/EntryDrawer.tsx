import { useQuery } from '@tanstack/react-query'
import { Hand } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { RegistryEntry } from '@/api/types'
import { ActionButton } from '@/app/permission'
import { count } from '@/format/number'
import { dateOf } from '@/format/time'
import { optionalText } from '@/i18n'
import { AsCode } from '@/ui/as-code'
import { Drawer } from '@/ui/drawer'
import { Facts } from '@/ui/facts'
import { Problem } from '@/ui/problem'
import { SkeletonRows } from '@/ui/skeleton'
import { Badge } from '@/ui/status'
import { PriceText } from './PriceText'
import { entryQuery } from './queries'
import { hardware, parameters } from './specification'
import { WeightFiles } from './WeightFiles'

interface EntryDrawerProps {
  modelId: string
  onAsk: () => void
  onClose: () => void
}

/** The card of one model: specification, price, quality, licence, versions. */
export function EntryDrawer({ modelId, onAsk, onClose }: EntryDrawerProps) {
  const { t } = useTranslation()
  const entry = useQuery(entryQuery(modelId))
  const { data } = entry
  return (
    <Drawer
      title={data?.specification.display_name ?? data?.name ?? t('catalog.card')}
      description={data ? <code className="font-mono text-xs">{data.name}</code> : null}
      actions={
        data ? (
          <>
            <ActionButton
              permission="access:request"
              tone="primary"
              icon={<Hand aria-hidden />}
              onClick={onAsk}
            >
              {t('catalog.ask')}
            </ActionButton>
            <AsCode
              request={{
                method: 'GET',
                path: `/registry/models/${data.model_id}`,
                sdk: 'registry.models.get_entry',
                positional: [data.model_id],
                cli: `mainspring registry show ${data.name}`,
              }}
            />
          </>
        ) : null
      }
      onClose={onClose}
    >
      {entry.isError ? (
        <Problem error={entry.error} onRetry={() => entry.refetch()} />
      ) : data ? (
        <Entry entry={data} />
      ) : (
        <SkeletonRows />
      )}
    </Drawer>
  )
}

function Entry({ entry }: { entry: RegistryEntry }) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const card = entry.specification
  return (
    <div className="space-y-6">
      {entry.deprecated || entry.offline ? (
        <p className="rounded-lg bg-warn-soft px-3.5 py-2.5 text-sm text-warn-ink">
          {entry.offline ? t('catalog.offlineText') : t('catalog.deprecatedText')}
          {entry.replacement ? ` ${t('catalog.replacement', { model: entry.replacement })}` : null}
        </p>
      ) : null}
      {card.description ? (
        <p className="max-w-prose text-ink text-sm">{card.description}</p>
      ) : (
        <p className="text-ink-soft text-sm">{t('catalog.noCard')}</p>
      )}
      <Facts
        facts={[
          {
            id: 'tasks',
            name: t('catalog.task'),
            value: entry.tasks.map((task) => optionalText(t, `tasks.${task}`) ?? task).join(', '),
          },
          { id: 'vendor', name: t('catalog.fields.vendor'), value: card.vendor },
          { id: 'family', name: t('catalog.fields.family'), value: card.family },
          {
            id: 'parameters',
            name: t('catalog.fields.parameters'),
            value: card.parameters ? parameters(card.parameters, language) : null,
          },
          { id: 'precision', name: t('catalog.fields.precision'), value: card.precision },
          {
            id: 'context',
            name: t('catalog.fields.context_length'),
            value: card.context_length ? count(card.context_length, language) : null,
          },
          {
            id: 'output',
            name: t('catalog.fields.max_output_tokens'),
            value: card.max_output_tokens ? count(card.max_output_tokens, language) : null,
          },
          {
            id: 'hardware',
            name: t('catalog.fields.hardware'),
            value: card.hardware ? hardware(card.hardware, language) : null,
          },
          {
            id: 'cutoff',
            name: t('catalog.fields.knowledge_cutoff'),
            value: card.knowledge_cutoff,
          },
          {
            id: 'capabilities',
            name: t('catalog.fields.capabilities'),
            value: (card.capabilities ?? [])
              .map((one) => optionalText(t, `abilities.${one}`) ?? one)
              .join(', '),
          },
          {
            id: 'languages',
            name: t('catalog.fields.languages'),
            value: (card.languages ?? []).join(', '),
          },
          { id: 'tags', name: t('catalog.fields.tags'), value: (card.tags ?? []).join(', ') },
          { id: 'licence', name: t('catalog.fields.licence'), value: <Licence card={card} /> },
          { id: 'source', name: t('catalog.fields.source'), value: card.source },
          {
            id: 'repository',
            name: t('catalog.fields.source_repository'),
            value: card.source_repository,
          },
          {
            id: 'revision',
            name: t('catalog.fields.source_revision'),
            value: card.source_revision,
          },
          { id: 'aliases', name: t('models.aliases'), value: entry.aliases.join(', ') },
          { id: 'price', name: t('catalog.price'), value: <PriceText price={entry.price} /> },
        ]}
      />
      {(card.quality ?? []).length > 0 ? (
        <section aria-labelledby="quality">
          <h3 id="quality" className="mb-2 font-medium text-ink text-sm">
            {t('catalog.quality')}
          </h3>
          <Facts
            facts={(card.quality ?? []).map((figure) => ({
              id: `${figure.benchmark}/${figure.metric}`,
              name: `${figure.benchmark} · ${figure.metric}`,
              value: new Intl.NumberFormat(language, { maximumFractionDigits: 3 }).format(
                figure.value,
              ),
            }))}
          />
        </section>
      ) : null}
      <WeightFiles card={card} />
      {entry.versions.length > 0 ? (
        <section aria-labelledby="versions">
          <h3 id="versions" className="mb-2 font-medium text-ink text-sm">
            {t('catalog.versions')}
          </h3>
          <ul className="space-y-2">
            {entry.versions.map((version) => (
              <li key={version.release_id} className="flex flex-wrap items-center gap-2 text-sm">
                <span className="font-medium text-ink">{version.version}</span>
                <Badge tone={version.state === 'stable' ? 'ok' : 'idle'}>
                  {t(`releases.states.${version.state}`)}
                </Badge>
                {version.stable_since ? (
                  <span className="text-ink-faint text-xs">
                    {dateOf(version.stable_since, language)}
                  </span>
                ) : null}
                {version.specification.release_notes ? (
                  <span className="w-full text-ink-soft">
                    {version.specification.release_notes}
                  </span>
                ) : null}
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </div>
  )
}

function Licence({ card }: { card: RegistryEntry['specification'] }) {
  const { t } = useTranslation()
  const { licence, licence_url } = card
  if (!licence) return t('catalog.noLicence')
  // Only a web address becomes a link: a card is written by whoever may write models.
  if (!licence_url?.startsWith('https://')) return licence
  return (
    <a
      href={licence_url}
      target="_blank"
      rel="noreferrer"
      className="text-accent-ink underline underline-offset-2"
    >
      {licence}
    </a>
  )
}
