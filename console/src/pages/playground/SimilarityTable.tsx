import { useTranslation } from 'react-i18next'
import { type Matrix, shadeOf } from './similarity'

/** The similarity of each text to each; the shade runs from the least alike to the most. */
export function SimilarityTable({ texts, matrix }: { texts: string[]; matrix: Matrix }) {
  const { t, i18n } = useTranslation()
  const format = new Intl.NumberFormat(i18n.language, {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  })
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls
    <div
      role="group"
      aria-label={t('playground.similarity')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className="focus-inset overflow-x-auto rounded-xl border border-line"
    >
      <table className="tabular w-full border-collapse text-sm">
        <thead>
          <tr className="border-line border-b text-ink-faint text-xs">
            <th scope="col" className="h-9 px-3 text-start font-medium">
              {t('playground.text')}
            </th>
            {texts.map((text, place) => (
              <th key={text} scope="col" title={text} className="px-2 font-medium">
                {place + 1}
                <span className="sr-only"> {text}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {texts.map((text, row) => (
            <tr key={text} className="border-line/70 border-b last:border-0">
              <th scope="row" className="h-11 min-w-40 max-w-72 px-3 text-start font-normal">
                <span className="flex gap-2">
                  <span className="text-ink-faint">{row + 1}</span>
                  <span className="truncate text-ink" title={text}>
                    {text}
                  </span>
                </span>
              </th>
              {matrix.values[row]?.map((value, column) => (
                <td
                  key={texts[column]}
                  className="px-2 text-center text-ink"
                  style={
                    row === column
                      ? {}
                      : {
                          background: `color-mix(in oklab, var(--similar) ${Math.round(shadeOf(value, matrix) * 100)}%, transparent)`,
                        }
                  }
                >
                  {row === column ? (
                    <span className="text-ink-faint">{t('common.none')}</span>
                  ) : (
                    format.format(value)
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
