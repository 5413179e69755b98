import { useTranslation } from 'react-i18next'
import type { Change } from '@/format/diff'

/** Fields before and after, one line for each. */
export function DiffTable({ changes }: { changes: Change[] }) {
  const { t } = useTranslation()
  return (
    <div className="overflow-hidden rounded-xl border border-line bg-surface">
      <table className="w-full table-fixed border-collapse text-sm">
        <thead>
          <tr className="border-line border-b text-start text-ink-faint text-xs">
            <th scope="col" className="w-1/4 px-3 py-2 text-start font-medium">
              {t('audit.field')}
            </th>
            <th scope="col" className="px-3 py-2 text-start font-medium">
              {t('audit.before')}
            </th>
            <th scope="col" className="px-3 py-2 text-start font-medium">
              {t('audit.after')}
            </th>
          </tr>
        </thead>
        <tbody>
          {changes.map((change) => (
            <tr key={change.path} className="border-line/70 border-b align-top last:border-0">
              <th scope="row" className="px-3 py-2 text-start font-normal">
                <code className="wrap-anywhere font-mono text-ink-soft text-xs">{change.path}</code>
              </th>
              <td className="px-3 py-2">
                {change.before === null ? (
                  <span className="text-ink-faint">{t('common.none')}</span>
                ) : (
                  <del className="wrap-anywhere rounded bg-bad-soft px-1 text-bad-ink no-underline">
                    {change.before}
                  </del>
                )}
              </td>
              <td className="px-3 py-2">
                {change.after === null ? (
                  <span className="text-ink-faint">{t('common.none')}</span>
                ) : (
                  <ins className="wrap-anywhere rounded bg-ok-soft px-1 text-ok-ink no-underline">
                    {change.after}
                  </ins>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
