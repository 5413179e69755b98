import { useTranslation } from 'react-i18next'
import type { Specification } from '@/api/types'
import { size } from '@/format/number'
import { CopyButton } from '@/ui/copy'
import { weightsBytes } from './specification'

/** The files of the weights with their hashes, folded away: there may be hundreds. */
export function WeightFiles({ card }: { card: Specification }) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const files = card.artifacts ?? []
  if (files.length === 0) return null
  const bytes = weightsBytes(files)
  return (
    <section aria-labelledby="files">
      <h3 id="files" className="mb-2 font-medium text-ink text-sm">
        {t('catalog.files')}
      </h3>
      <details className="rounded-lg border border-line px-3.5 py-2.5">
        <summary className="cursor-pointer text-ink-soft text-sm">
          {t('catalog.filesText', { count: files.length })}
          {bytes === null ? null : ` · ${t('catalog.filesBytes', { size: size(bytes, language) })}`}
        </summary>
        <ul className="mt-2 space-y-2">
          {files.map(({ path, sha256, bytes: length }) => (
            <li key={path} className="flex items-start gap-2 text-sm">
              <span className="min-w-0 flex-1">
                <span className="wrap-anywhere block text-ink">
                  {path}
                  {length === null || length === undefined ? null : (
                    <span className="ms-2 text-ink-faint text-xs">{size(length, language)}</span>
                  )}
                </span>
                <code className="wrap-anywhere font-mono text-ink-faint text-xs">{sha256}</code>
              </span>
              <CopyButton text={sha256} label={t('catalog.hashOf', { path })} />
            </li>
          ))}
        </ul>
      </details>
    </section>
  )
}
