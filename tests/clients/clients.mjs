// Calls a gateway by the clients of the JavaScript world and prints what came of it as JSON.
// The test beside it says what must come: tests/interaction/clients/test_node_clients.py.
import Anthropic from "@anthropic-ai/sdk";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateText, streamText } from "ai";
import OpenAI from "openai";

const [url, apiKey] = process.argv.slice(2);
const messages = [{ role: "user", content: "three words here" }];
const found = {};

async function failure(call) {
  try {
    await call();
  } catch (error) {
    return { name: error.constructor.name, status: error.status, code: error.code };
  }
  return null;
}

// --- openai-node
const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });
const whole = await openai.chat.completions.create({ model: "scripted", messages });
found.openai = { text: whole.choices[0].message.content, usage: whole.usage.completion_tokens };

let text = "";
let usage = null;
const stream = await openai.chat.completions.create({
  model: "scripted",
  messages,
  stream: true,
  stream_options: { include_usage: true },
});
for await (const chunk of stream) {
  text += chunk.choices[0]?.delta?.content ?? "";
  usage = chunk.usage ?? usage;
}
found.openaiStream = { text, usage: usage.completion_tokens };

found.openaiModels = [];
for await (const model of openai.models.list()) found.openaiModels.push(model.id);
found.openaiUnknown = await failure(() =>
  openai.chat.completions.create({ model: "nobody", messages }),
);
found.openaiStranger = await failure(() =>
  new OpenAI({ baseURL: `${url}/v1`, apiKey: "wrong", maxRetries: 0 }).models.list(),
);

// --- Vercel AI SDK
const provider = createOpenAICompatible({
  name: "gateway",
  baseURL: `${url}/v1`,
  apiKey,
  includeUsage: true,
});
const generated = await generateText({
  model: provider("scripted"),
  prompt: "three words here",
  maxRetries: 0,
});
found.vercel = { text: generated.text, usage: generated.usage.outputTokens };
const streamed = streamText({ model: provider("scripted"), prompt: "hi", maxRetries: 0 });
let pieces = "";
for await (const piece of streamed.textStream) pieces += piece;
found.vercelStream = { text: pieces, usage: (await streamed.usage).outputTokens };

// --- Anthropic's
const anthropic = new Anthropic({ baseURL: url, apiKey, maxRetries: 0 });
const message = await anthropic.messages.create({ model: "scripted", max_tokens: 64, messages });
found.anthropic = { text: message.content[0].text, usage: message.usage.output_tokens };
const said = await anthropic.messages
  .stream({ model: "scripted", max_tokens: 64, messages })
  .finalMessage();
found.anthropicStream = { text: said.content[0].text, usage: said.usage.output_tokens };

process.stdout.write(JSON.stringify(found));
