import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { PresetUpstream } from '@/api/types'
import { UpstreamDialog } from '../UpstreamDialog'
import { ChoosePreset } from './ChoosePreset'
import { OfferModels } from './OfferModels'
import { PresetDialog } from './PresetDialog'
import { presetsQuery } from './queries'

/** The words of the address for the choice of a preset, and for none of them. */
export const CHOOSING = 'choose'
export const BY_HAND = 'own'

interface AddUpstreamProps {
  /** Where in it one is: choosing, by hand, or the id of a preset. */
  step: string
  onStep: (step: string) => void
  onClose: () => void
}

/** Adds an upstream: choose a vendor, fill in what is left, test, save, offer its models. */
export function AddUpstream({ step, onStep, onClose }: AddUpstreamProps) {
  const presets = useQuery(presetsQuery)
  const [saved, setSaved] = useState<{ upstream: PresetUpstream; models: string[] } | null>(null)
  const preset = presets.data?.items.find(({ id }) => id === step)
  if (saved) return <OfferModels {...saved} onClose={onClose} />
  if (step === BY_HAND) return <UpstreamDialog upstream={null} onClose={onClose} />
  if (preset) {
    return (
      <PresetDialog
        key={preset.id}
        preset={preset}
        onSaved={(upstream, models) =>
          models.length > 0 ? setSaved({ upstream, models }) : onClose()
        }
        onClose={onClose}
      />
    )
  }
  // They come at once; opened without them, the focus would have nothing to begin at.
  if (presets.isPending) return null
  return (
    <ChoosePreset
      onChoose={({ id }) => onStep(id)}
      onOther={() => onStep(BY_HAND)}
      onClose={onClose}
    />
  )
}
