import { useCallback, useEffect, useReducer, useRef } from 'react'
import { streamChat } from '@/api/chat'
import { asApiError } from '@/api/problem'
import { recallDraft, rememberDraft } from '@/app/memory'
import { type Conversation, converse, EMPTY, messagesOf, restored, type Turn } from './conversation'

export interface ChatSettings {
  system: string
  temperature: number
  maxTokens: number
}

const DRAFT = 'playground'

export interface Chat {
  turns: Turn[]
  streaming: boolean
  ask: (question: string) => void
  /** Ask the last question once more, in place of its answer. */
  again: () => void
  stop: () => void
  clear: () => void
}

/** A conversation with `model`; one answer streams at a time, and leaving the page stops it. */
export function useChat(projectId: string, model: string, settings: ChatSettings): Chat {
  const [conversation, dispatch] = useReducer(converse, EMPTY, (empty) =>
    restored(recallDraft<Conversation>(DRAFT, empty)),
  )
  const running = useRef<AbortController | null>(null)
  const { turns } = conversation
  const last = turns.at(-1)
  const streaming = last?.state === 'streaming'

  useEffect(() => {
    // Written when an answer ends, not at every token.
    if (!streaming) rememberDraft(DRAFT, conversation)
  }, [conversation, streaming])

  useEffect(() => () => running.current?.abort(), [])

  const run = useCallback(
    async (history: Turn[], question: string) => {
      const id = (history.at(-1)?.id ?? 0) + 1
      const abort = new AbortController()
      running.current = abort
      dispatch({ type: 'ask', id, question, model })
      try {
        const answer = await streamChat(
          {
            projectId,
            model,
            messages: [
              ...messagesOf(history, settings.system),
              { role: 'user', content: question },
            ],
            temperature: settings.temperature,
            maxTokens: settings.maxTokens,
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
    ask: (question) => void run(turns, question),
    again: () => {
      if (!last) return
      dispatch({ type: 'drop', id: last.id })
      void run(turns.slice(0, -1), last.question)
    },
    stop: () => running.current?.abort(),
    clear: () => {
      running.current?.abort()
      dispatch({ type: 'clear' })
    },
  }
}
