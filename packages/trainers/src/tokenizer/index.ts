export { type ChatTokenizer, loadChatTokenizer, makeChatTokenizer } from "./chat-tokenizer.ts"
