import { useCallback, useEffect, useReducer, useRef } from 'react'
import { streamChat } from '@/api/chat'
import { asApiError } from '@/api/problem'
import { recallDraft, rememberDraft } from '@/app/memory'
import {
  asked,
  type Conversation,
  converse,
  EMPTY,
  messagesOf,
  restored,
  type Turn,
} from './conversation'
import { extrasOf } from './extras'

export interface ChatSettings {
  system: string
  temperature: number
  maxTokens: number
  /** JSON as it was typed: a list of tools, and the schema that answers must fit. */
  tools: string
  schema: string
}

/** The first conversation keeps the name that a replayed call is left under. */
const draftOf = (place: number) => (place === 0 ? 'playground' : `playground-${place}`)

export interface Chat {
  turns: Turn[]
  streaming: boolean
  ask: (question: string, images?: string[]) => void
  /** Ask the last question once more, in place of its answer. */
  again: () => void
  stop: () => void
  clear: () => void
}

/**
 * A conversation with `model`; one answer streams at a time, and leaving the page stops it.
 * `place` tells conversations side by side apart.
 */
export function useChat(projectId: string, model: string, settings: ChatSettings, place = 0): Chat {
  const draft = draftOf(place)
  const [conversation, dispatch] = useReducer(converse, EMPTY, (empty) =>
    restored(recallDraft<Conversation>(draft, empty)),
  )
  const running = useRef<AbortController | null>(null)
  const { turns } = conversation
  const last = turns.at(-1)
  const streaming = last?.state === 'streaming'

  useEffect(() => {
    // Written when an answer ends, not at every token.
    if (!streaming) rememberDraft(draft, conversation)
  }, [conversation, streaming, draft])

  useEffect(() => () => running.current?.abort(), [])

  const run = useCallback(
    async (history: Turn[], question: string, images: string[] = []) => {
      const id = (history.at(-1)?.id ?? 0) + 1
      const abort = new AbortController()
      running.current = abort
      dispatch({ type: 'ask', id, question, model, images })
      try {
        const answer = await streamChat(
          {
            projectId,
            model,
            messages: [...messagesOf(history, settings.system), asked(question, images)],
            temperature: settings.temperature,
            maxTokens: settings.maxTokens,
            extra: extrasOf(settings).body,
          },
          (progress) => dispatch({ type: 'progress', id, answer: progress }),
          abort.signal,
        )
        dispatch({ type: 'done', id, answer })
      } catch (error) {
        if (abort.signal.aborted) dispatch({ type: 'stopped', id })
        else dispatch({ type: 'failed', id, error: asApiError(error) })
      }
    },
    [projectId, model, settings],
  )

  return {
    turns,
    streaming,
    ask: (question, images) => void run(turns, question, images),
    again: () => {
      if (!last) return
      dispatch({ type: 'drop', id: last.id })
      void run(turns.slice(0, -1), last.question, last.images)
    },
    stop: () => running.current?.abort(),
    clear: () => {
      running.current?.abort()
      dispatch({ type: 'clear' })
    },
  }
}
