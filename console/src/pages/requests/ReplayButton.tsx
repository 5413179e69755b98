import { useNavigate } from '@tanstack/react-router'
import { RotateCw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { FullCall } from '@/api/types'
import { recallDraft, rememberDraft } from '@/app/memory'
import type { Conversation } from '@/pages/playground/conversation'
import { Button } from '@/ui/button'
import { replayable } from './messages'

/** Takes the conversation to the playground, to ask again or otherwise. */
export function ReplayButton({ call }: { call: FullCall }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const conversation = call.operation === 'chat' ? replayable(call.request) : null
  if (!conversation) return null
  const replay = () => {
    const turns = conversation.history.map(([question, text], index) => ({
      id: index + 1,
      question,
      model: call.model,
      answer: { text, ttftMs: null, totalMs: 0, usage: null, finishReason: null, requestId: null },
      state: 'done' as const,
      error: null,
    }))
    rememberDraft('playground', { turns } satisfies Conversation)
    rememberDraft('playground-text', conversation.question)
    const settings = recallDraft('playground-settings', { temperature: 0.7, maxTokens: 256 })
    rememberDraft('playground-settings', { ...settings, system: conversation.system })
    void navigate({ to: '/playground', search: { model: call.model } })
  }
  return (
    <Button icon={<RotateCw aria-hidden />} onClick={replay}>
      {t('requestDetail.replay')}
    </Button>
  )
}
