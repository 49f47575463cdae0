"""The names of the settings that the APIs have, to tell a typo from a setting.

A provider may have others: an unknown name is worth a warning, never an error.
"""

_ANY = """
model temperature top_p top_k min_p top_a max_tokens max_completion_tokens max_output_tokens stop
stop_sequences seed n stream stream_options tools tool_choice tool_config parallel_tool_calls
response_format frequency_penalty presence_penalty repetition_penalty logit_bias logprobs
top_logprobs user metadata store service_tier system instructions thinking reasoning
reasoning_effort verbosity
"""
_CHAT = """
audio modalities prediction functions function_call web_search_options safety_identifier
prompt_cache_key prompt_cache_options prompt_cache_retention moderation suffix echo best_of prompt
"""
_RESPONSES = """
background include previous_response_id conversation text truncation max_tool_calls
context_management input
"""
_ANTHROPIC = """
anthropic_version anthropic_beta betas mcp_servers container output_config output_format
inference_geo speed cache_control
"""
_GEMINI = """
generationConfig generation_config systemInstruction system_instruction safetySettings
safety_settings toolConfig cachedContent cached_content labels
"""
_OLLAMA = """
options format keep_alive think raw template context images num_predict num_ctx
"""
_EMBEDDINGS = """
encoding_format dimensions input_type task taskType title outputDimensionality truncate
"""
_MEDIA = """
voice speed instructions size quality style background output_compression partial_images
language timestamp_granularities chunking_strategy
"""
_OTHER_SERVERS = """
provider models route transforms plugins preset usage safe_prompt random_seed prompt_mode
enable_thinking chat_template_kwargs guided_json guided_regex guided_choice guided_grammar grammar
json_schema min_tokens ignore_eos skip_special_tokens extra_body typical_p tfs_z mirostat
mirostat_tau mirostat_eta cache_prompt n_predict n_probs id_slot documents search_parameters
search_mode search_domain_filter search_recency_filter return_images return_related_questions
disable_search reasoning_format include_reasoning compound_custom citation_options
length_penalty early_stopping use_beam_search adapter_id lora backoff_factor beta
"""
_RAW = "method path query headers body"
_TELLING = """
model temperature top_p top_k max_tokens max_completion_tokens max_output_tokens seed tools
tool_choice response_format stream reasoning_effort frequency_penalty presence_penalty rechat
"""
_NUMBERS = """
temperature top_p top_k min_p top_a frequency_penalty presence_penalty repetition_penalty typical_p
tfs_z length_penalty mirostat_tau mirostat_eta
"""
_COUNTS = """
max_tokens max_completion_tokens max_output_tokens seed n top_logprobs num_predict num_ctx
dimensions best_of random_seed max_tool_calls outputDimensionality min_tokens n_predict n_probs
id_slot
"""
_TEXTS = """
model user service_tier verbosity reasoning_effort safety_identifier prompt_cache_key
previous_response_id truncation encoding_format suffix anthropic_version cachedContent
"""
_FLAGS = """
stream store parallel_tool_calls background echo safe_prompt raw ignore_eos enable_thinking
cache_prompt disable_search include_reasoning
"""
_LISTS = """
tools functions modalities include stop_sequences mcp_servers betas safetySettings
documents models
"""
_MAPPINGS = """
stream_options metadata logit_bias prediction web_search_options thinking reasoning
generationConfig generation_config toolConfig tool_config systemInstruction options text
chat_template_kwargs search_parameters
"""
_SEVERAL: dict[str, tuple[str, ...]] = {
    "stop": ("text", "list"),
    "tool_choice": ("text", "mapping"),
    "function_call": ("text", "mapping"),
    "response_format": ("mapping", "text"),
    "format": ("text", "mapping"),
    "logprobs": ("flag", "count"),
    "think": ("flag", "text"),
    "keep_alive": ("text", "number"),
    "voice": ("text", "mapping"),
}

SETTINGS: frozenset[str] = frozenset(
    " ".join(
        (
            *(_ANY, _CHAT, _RESPONSES, _ANTHROPIC, _GEMINI, _OLLAMA, _EMBEDDINGS, _MEDIA),
            *(_OTHER_SERVERS, _RAW),
        )
    ).split()
)
"""All of them."""

TELLING: frozenset[str] = frozenset(_TELLING.split())
"""Names that are settings of a request wherever people write them, but in an answer's metadata."""

TYPES: dict[str, tuple[str, ...]] = {
    name: (kind,)
    for kind, names in (
        ("number", _NUMBERS),
        ("count", _COUNTS),
        ("text", _TEXTS),
        ("flag", _FLAGS),
        ("list", _LISTS),
        ("mapping", _MAPPINGS),
    )
    for name in names.split()
} | _SEVERAL
"""What the value of a setting is in every API that has it; others may be anything."""
