import { useQuery } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Comparison } from '@/api/types'
import { optionalText } from '@/i18n'
import { AsCode } from '@/ui/as-code'
import { Button } from '@/ui/button'
import { cx } from '@/ui/cx'
import { Drawer } from '@/ui/drawer'
import { Problem } from '@/ui/problem'
import { SkeletonRows } from '@/ui/skeleton'
import { PriceText } from './PriceText'
import { comparisonQuery } from './queries'
import { propertyText } from './specification'

interface CompareDrawerProps {
  modelIds: string[]
  onDrop: (modelId: string) => void
  onClose: () => void
}

/** Models side by side: their properties, prices and figures of quality. */
export function CompareDrawer({ modelIds, onDrop, onClose }: CompareDrawerProps) {
  const { t } = useTranslation()
  const [differing, setDiffering] = useState(false)
  const comparison = useQuery(comparisonQuery(modelIds))
  const names = comparison.data?.models.map(({ name }) => name)
  return (
    <Drawer
      title={t('catalog.sideBySide')}
      description={t('catalog.sideBySideText')}
      actions={
        <AsCode
          request={{
            method: 'GET',
            path: '/registry/comparison',
            query: { model_id: modelIds },
            sdk: 'registry.comparison.compare_models',
            cli: `mainspring registry compare ${(names ?? modelIds).join(' ')}`,
          }}
        />
      }
      onClose={onClose}
    >
      <label className="mb-3 flex items-center gap-2.5 text-ink text-sm">
        <input
          type="checkbox"
          className="size-4 accent-(--accent)"
          checked={differing}
          onChange={(event) => setDiffering(event.target.checked)}
        />
        {t('catalog.onlyDifferent')}
      </label>
      {comparison.isError ? (
        <Problem error={comparison.error} onRetry={() => comparison.refetch()} />
      ) : comparison.data ? (
        <Side comparison={comparison.data} differing={differing} onDrop={onDrop} />
      ) : (
        <SkeletonRows rows={6} />
      )}
    </Drawer>
  )
}

/** Where the words for the values of a property lie. */
const WORDS: Record<string, string> = { tasks: 'tasks', capabilities: 'abilities' }

function named(t: TFunction, property: string, value: unknown): unknown {
  const words = WORDS[property]
  if (!words || !Array.isArray(value)) return value
  return value.map((one) => optionalText(t, `${words}.${one}`) ?? one)
}

interface SideProps {
  comparison: Comparison
  differing: boolean
  onDrop: (modelId: string) => void
}

function Side({ comparison, differing, onDrop }: SideProps) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const { models, fields, quality } = comparison
  const said = fields.filter(({ values, differs, name }) => {
    if (differing && !differs) return false
    return values.some((value) => propertyText(name, value, language) !== null)
  })
  const cell = 'min-w-40 max-w-72 px-3 py-2 align-top'
  const head = 'sticky start-0 w-36 min-w-36 bg-canvas px-3 py-2 text-start align-top font-normal'
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls
    <div
      role="group"
      aria-label={t('catalog.sideBySide')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className="focus-inset overflow-x-auto"
    >
      <table data-comparison className="w-full border-collapse text-sm">
        <thead>
          <tr className="border-line border-b">
            <th scope="col" className={head}>
              <span className="sr-only">{t('catalog.property')}</span>
            </th>
            {models.map((model) => (
              <th key={model.model_id} scope="col" className={cx(cell, 'text-start')}>
                <span className="flex items-start gap-1">
                  <span className="wrap-anywhere font-semibold text-ink">{model.name}</span>
                  <Button
                    tone="ghost"
                    size="icon-sm"
                    aria-label={t('catalog.drop', { name: model.name })}
                    onClick={() => onDrop(model.model_id)}
                  >
                    <X aria-hidden />
                  </Button>
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr className="border-line/70 border-b">
            <th scope="row" className={cx(head, 'text-ink-faint')}>
              {t('catalog.price')}
            </th>
            {models.map((model) => (
              <td key={model.model_id} className={cell}>
                <PriceText price={model.price} />
              </td>
            ))}
          </tr>
          {said.map((field) => (
            <tr key={field.name} data-field={field.name} className="border-line/70 border-b">
              <th scope="row" className={cx(head, 'text-ink-faint')}>
                {optionalText(t, `catalog.fields.${field.name}`) ?? field.name}
              </th>
              {models.map((model, place) => (
                <td
                  key={model.model_id}
                  className={cx(cell, 'wrap-anywhere', field.differs && 'font-medium text-ink')}
                >
                  {propertyText(
                    field.name,
                    named(t, field.name, field.values[place]),
                    language,
                  ) ?? <span className="text-ink-faint">{t('common.none')}</span>}
                </td>
              ))}
            </tr>
          ))}
          {quality.map((figure) => (
            <tr
              key={`${figure.benchmark}/${figure.metric}`}
              className="border-line/70 border-b last:border-0"
            >
              <th scope="row" className={cx(head, 'text-ink-faint')}>
                {figure.benchmark}
                <span className="block text-2xs">{figure.metric}</span>
              </th>
              {models.map((model, place) => {
                const value = figure.values[place]
                const best = figure.best.includes(place)
                return (
                  <td key={model.model_id} className={cx(cell, 'tabular', best && 'font-semibold')}>
                    {value === null || value === undefined ? (
                      <span className="text-ink-faint">{t('common.none')}</span>
                    ) : (
                      new Intl.NumberFormat(language, { maximumFractionDigits: 3 }).format(value)
                    )}
                    {best ? <span className="ms-2 text-ok-ink">{t('catalog.best')}</span> : null}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
