import { useQuery } from '@tanstack/react-query'
import { Plus, Server } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Preset } from '@/api/types'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'
import { Problem } from '@/ui/problem'
import { SkeletonRows } from '@/ui/skeleton'
import { spoken } from './form'
import { presetsQuery } from './queries'

interface ChoosePresetProps {
  onChoose: (preset: Preset) => void
  /** None of them: everything is entered by hand. */
  onOther: () => void
  onClose: () => void
}

/** Which vendor or server an upstream is; what is known of it need not be typed in. */
export function ChoosePreset({ onChoose, onOther, onClose }: ChoosePresetProps) {
  const { t, i18n } = useTranslation()
  const presets = useQuery(presetsQuery)
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('upstreams.create')}
      description={t('presets.chooseText')}
      className="sm:max-w-3xl"
    >
      {presets.isError ? (
        <Problem error={presets.error} onRetry={() => presets.refetch()} />
      ) : presets.data ? (
        <div className="space-y-5">
          {(['vendor', 'server'] as const).map((kind) => (
            <section key={kind} aria-labelledby={`preset-${kind}`}>
              <h3 id={`preset-${kind}`} className="mb-2 font-medium text-ink-faint text-xs">
                {t(`presets.kinds.${kind}`)}
              </h3>
              <ul className="grid grid-cols-2 gap-2 sm:grid-cols-3">
                {presets.data.items
                  .filter((preset) => preset.kind === kind)
                  .map((preset) => (
                    <li key={preset.id}>
                      <button
                        type="button"
                        data-preset={preset.id}
                        onClick={() => onChoose(preset)}
                        className="flex h-full w-full items-center gap-2.5 rounded-lg border border-line bg-surface px-3 py-2.5 text-start transition-colors hover:border-line-strong hover:bg-hover"
                      >
                        <Server aria-hidden className="size-4 shrink-0 text-ink-faint" />
                        <span className="min-w-0">
                          <span className="wrap-anywhere block font-medium text-ink text-sm">
                            {spoken(preset.title, i18n.language)}
                          </span>
                          <span className="block truncate text-2xs text-ink-faint">
                            {preset.protocol}
                          </span>
                        </span>
                      </button>
                    </li>
                  ))}
              </ul>
            </section>
          ))}
          <Button icon={<Plus aria-hidden />} onClick={onOther}>
            {t('presets.other')}
          </Button>
        </div>
      ) : (
        <SkeletonRows />
      )}
    </Dialog>
  )
}
