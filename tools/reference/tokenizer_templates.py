"""Writes what transformers makes of chats with templates that use what the templates of real models use.

    python tools/reference/tokenizer_templates.py packages/trainers/src/tokenizer/fixtures/templates.json

Needs transformers. The templates are our own; each is named after what it shares with models' templates. A chat that a template
refuses has the text null. Today's date is 2024-07-26.
"""

import datetime
import json
import sys
from pathlib import Path

import transformers.utils.chat_template_utils as chat_template_utils
from transformers.utils.chat_template_utils import render_jinja_template


class FixedDay(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(2024, 7, 26, tzinfo=tz)


chat_template_utils.datetime = FixedDay

TEMPLATES = {
    "chatml with a system message of its own": """\
{%- if messages[0]['role'] == 'system' -%}
    {{- '<|im_start|>system\\n' + messages[0]['content'] + '<|im_end|>\\n' }}
{%- else %}
    {{- '<|im_start|>system\\nAnswer well.<|im_end|>\\n' }}
{%- endif %}
{%- for message in messages %}
    {%- if (message.role == "user") or (message.role == "system" and not loop.first) or (message.role == "assistant" and not message.tool_calls) %}
        {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
{%- endif %}
""",
    "reasoning cut from earlier turns": """\
{%- if tools %}
    {{- 'tools: ' }}{{ tools | tojson }}
{%- endif %}
{%- set seen = namespace(searching=true, last_question=messages|length - 1) %}
{%- for message in messages[::-1] %}
    {%- set position = (messages|length - 1) - loop.index0 %}
    {%- if seen.searching and message.role == "user" and not(message.content.startswith('<result>') and message.content.endswith('</result>')) %}
        {%- set seen.searching = false %}
        {%- set seen.last_question = position %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- set content = message.content %}
    {%- set thought = '' %}
    {%- if message.role == 'assistant' and message.thought is defined and message.thought is not none %}
        {%- set thought = message.thought %}
    {%- elif message.role == 'assistant' and '</think>' in message.content %}
        {%- set content = message.content.split('</think>')[-1].lstrip('\\n') %}
        {%- set thought = message.content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}
    {%- endif %}
    {{- '<|im_start|>' + message.role + '\\n' }}
    {%- if loop.index0 > seen.last_question and (loop.last or (not loop.last and thought)) %}
        {{- '<think>\\n' + thought.strip('\\n') + '\\n</think>\\n\\n' + content.lstrip('\\n') }}
    {%- else %}
        {{- content }}
    {%- endif %}
    {{- '<|im_end|>\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}
        {{- '<think>\\n\\n</think>\\n\\n' }}
    {%- endif %}
{%- endif %}""",
    "headers with today's date": """\
{{- bos_token }}
{%- if not date_string is defined %}
    {%- if strftime_now is defined %}
        {%- set date_string = strftime_now("%d %b %Y") %}
    {%- else %}
        {%- set date_string = "a day" %}
    {%- endif %}
{%- endif %}
{%- if not tools is defined %}
    {%- set tools = none %}
{%- endif %}

{#- The system message comes first, whether there is one or not. #}
{%- if messages[0]['role'] == 'system' %}
    {%- set instructions = messages[0]['content']|trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set instructions = "" %}
{%- endif %}
{{- "<|start_header_id|>system<|end_header_id|>\\n\\n" }}
{%- if tools is not none %}
    {{- "With tools.\\n" }}
{%- endif %}
{{- "Day: " + date_string + ", a " + strftime_now("%A at %H:%M (%Y-%m-%d)") + "\\n\\n" }}
{{- instructions }}
{{- "<|eot_id|>" }}
{%- for message in messages %}
    {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n'+ message['content'] | trim + '<|eot_id|>' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
{%- endif %}
""",
    "turns that must alternate, without a system role": (
        "{{ bos_token }}{% for message in messages %}"
        "{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
        "{{ raise_exception('user and assistant take turns') }}{% endif %}"
        "{% if message['role'] == 'user' %}{{ '[INST] ' + message['content'] + ' [/INST]' }}"
        "{% elif message['role'] == 'assistant' %}{{ message['content'] + eos_token + ' ' }}"
        "{% else %}{{ raise_exception('there is no role ' + message['role']) }}{% endif %}{% endfor %}"
    ),
    "system message before the last question": """\
{%- if messages[0]["role"] == "system" %}
    {%- set instructions = messages[0]["content"] %}
    {%- set turns = messages[1:] %}
{%- else %}
    {%- set turns = messages %}
{%- endif %}
{%- set questions = turns | selectattr("role", "equalto", "user") | list %}
{{- bos_token }}
{%- for message in turns %}
    {%- if message["role"] == "user" %}
        {%- if loop.last and instructions is defined %}
            {{- "[INST] " + instructions + "\\n\\n" + message["content"] + "[/INST]" }}
        {%- else %}
            {{- "[INST] " + message["content"] + "[/INST]" }}
        {%- endif %}
    {%- elif message["role"] == "assistant" %}
        {{- " " + message["content"] + eos_token }}
    {%- else %}
        {{- raise_exception("unknown role") }}
    {%- endif %}
{%- endfor %}
{{- "(" ~ questions|length ~ ")" }}
""",
    "one line to a role, system messages left out": (
        "{% for message in messages %}{% if message['role'] == 'user' %}"
        "{{'<|user|>\n' + message['content'] + '<|end|>\n'}}"
        "{% elif message['role'] == 'assistant' %}{{'<|assistant|>\n' + message['content'] + '<|end|>\n'}}"
        "{% endif %}{% endfor %}"
        "{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% else %}{{ eos_token }}{% endif %}"
    ),
    "blocks on lines of their own": """\
{% macro turn(name, text) %}
<{{ name }}>
  {{ text | trim }}
</{{ name }}>
{% endmacro %}
{# a comment on a line of its own #}
{% for message in messages %}
    {% if message.role in ['system', 'user'] %}
{{ turn(message.role, message.content) }}
    {% else %}
        {% generation %}
{{ message.content | upper if shout is defined and shout else message.content }}
        {% endgeneration %}
    {% endif %}
{% endfor %}

{% if add_generation_prompt %}
<assistant>
{% endif %}
""",
    "values written as json": """\
{%- for message in messages -%}
{{ {"role": message.role, "text": message.content, "at": loop.index, "last": loop.last} | tojson }}
{% endfor -%}
{{ [1, 2.5, none, true] | tojson }} {{ {"a": [1, {"b": "c"}], "d": []} | tojson(indent=2) }}
{%- if add_generation_prompt %} {{ "next" ~ (1 + 1) }}{% endif %}
""",
    "comparisons as in Python": """\
{%- for message in messages %}
{{- '1' if message.content == '' else '0' }}{{ '1' if message.content == false else '0' }}
{{- '1' if message.content != false else '0' }}{{ '1' if message.missing == none else '0' }}
{{- '1' if loop.first == 1 else '0' }}{{ '1' if message == messages[-1] else '0' }}
{%- endfor %}
{{- '1' if '1' == 1 else '0' }}{{ '1' if 2 == 2.0 else '0' }}{{ missing }}|{{ pad_token }}|
{%- if not add_generation_prompt %}end{% endif %}""",
}

USER = {"role": "user", "content": "What is 2 + 2?"}
SYSTEM = {"role": "system", "content": " Be brief.\n"}
EMPTY = {"role": "system", "content": ""}
THOUGHT = {"role": "assistant", "content": "<think>\n two and two\n\n</think>\n\n It is 4. "}
PLAIN = {"role": "assistant", "content": "\n plain answer"}
ODD = {"role": "user", "content": "  {{ braces }} {% and %} {# é 😀 #}\n\n\"quotes\" \\ 'x' </s><|im_end|>\t "}

CHATS = [
    [USER],
    [SYSTEM, USER],
    [EMPTY, USER],
    [SYSTEM, USER, THOUGHT, ODD],
    [USER, THOUGHT],
    [ODD, PLAIN, USER, THOUGHT],
    [SYSTEM, ODD, PLAIN],
    [USER, THOUGHT, USER, PLAIN, ODD, THOUGHT, USER],
    [USER, USER],
]
VARIABLES = {
    "reasoning cut from earlier turns": [{}, {"enable_thinking": False}],
    "headers with today's date": [{}, {"date_string": "1 Jan 2000"}],
    "blocks on lines of their own": [{}, {"shout": True}],
}


# Chats whose last message is to be gone on with.
CONTINUED = [chat + [{"role": "assistant", "content": words}] for chat in ([USER], [SYSTEM, USER], [ODD, PLAIN, USER])
             for words in ("2 + 2 is", "\n It is 4. So ", "|", "", "<think>\ntwo", "</s> means")]


def rendered(template, chat, prompt, variables, continued=False):
    try:
        (text,), _ = render_jinja_template(
            [chat],
            chat_template=template,
            add_generation_prompt=prompt,
            continue_final_message=continued,
            bos_token="<s>",
            eos_token="</s>",
            **variables,
        )
        return text
    except Exception:
        return None


fixture = [
    {
        "name": name,
        "template": template,
        "variables": variables,
        "texts": [[rendered(template, chat, prompt, variables) for chat in CHATS] for prompt in (True, False)],
        "continued": [rendered(template, chat, False, variables, True) for chat in CONTINUED],
    }
    for name, template in TEMPLATES.items()
    for variables in VARIABLES.get(name, [{}])
]
Path(sys.argv[1]).write_text(json.dumps({"chats": CHATS, "continuedChats": CONTINUED, "templates": fixture}, indent=1) + "\n")
