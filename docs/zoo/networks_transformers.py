"""Networks of Hugging Face transformers: small random configurations whose extents all differ, and what each is fed."""

import torch
from torch import nn

WORDS = 99
LENGTH = 11
TEXT = dict(vocab_size=WORDS, hidden_size=64, intermediate_size=104, num_hidden_layers=2, num_attention_heads=4)
SIZED = dict(max_position_embeddings=37, **TEXT)
GROUPED = dict(num_key_value_heads=2, **SIZED)
IMAGE = dict(hidden_size=64, intermediate_size=104, num_hidden_layers=2, num_attention_heads=4, image_size=48, patch_size=12)


class Outputs(nn.Module):
    """Takes tensors by position and returns the chosen outputs as a tuple."""

    def __init__(self, model, arguments, outputs, constants):
        super().__init__()
        self.model, self.arguments, self.outputs, self.constants = model, arguments, outputs, constants

    def forward(self, first, second=None, third=None):
        # Named one by one: torch.export says which extents are open for each.
        found = self.model(**dict(zip(self.arguments, (first, second, third))), **self.constants)
        return tuple(found[output] for output in self.outputs)


def words(masked=True):
    found = {"input_ids": torch.randint(3, WORDS, (2, LENGTH))}
    return {**found, "attention_mask": torch.ones(2, LENGTH, dtype=torch.long)} if masked else found


def image(size=48):
    return {"pixel_values": torch.rand(2, 3, size, size)}


def pairs():
    return {**words(), "decoder_input_ids": torch.randint(3, WORDS, (2, 9))}


def encoders():
    yield "bert", "BertForSequenceClassification", "BertConfig", dict(SIZED), words()
    yield "bert-masked-words", "BertForMaskedLM", "BertConfig", dict(SIZED), words()
    yield "bert-spans", "BertForQuestionAnswering", "BertConfig", dict(SIZED), words(), ("start_logits", "end_logits")
    yield "roberta", "RobertaForMaskedLM", "RobertaConfig", dict(SIZED), words()
    yield "distilbert", "DistilBertForSequenceClassification", "DistilBertConfig", dict(
        vocab_size=WORDS, dim=64, hidden_dim=104, n_layers=2, n_heads=4, max_position_embeddings=37), words()
    yield "albert", "AlbertForSequenceClassification", "AlbertConfig", dict(SIZED, embedding_size=20), words()
    yield "electra", "ElectraForSequenceClassification", "ElectraConfig", dict(SIZED, embedding_size=20), words()
    yield "deberta-v2", "DebertaV2ForSequenceClassification", "DebertaV2Config", dict(
        SIZED, relative_attention=True, position_buckets=6, pos_att_type=["p2c", "c2p"], norm_rel_ebd="layer_norm",
        share_att_key=True, conv_kernel_size=3), words()


def decoders():
    yield "gpt2", "GPT2LMHeadModel", "GPT2Config", dict(vocab_size=WORDS, n_embd=64, n_inner=104, n_layer=2, n_head=4, n_positions=37), words()
    yield "opt", "OPTForCausalLM", "OPTConfig", dict(
        vocab_size=WORDS, hidden_size=64, ffn_dim=104, num_hidden_layers=2, num_attention_heads=4, max_position_embeddings=37,
        word_embed_proj_dim=64), words()
    yield "opt-projected", "OPTForCausalLM", "OPTConfig", dict(
        vocab_size=WORDS, hidden_size=64, ffn_dim=104, num_hidden_layers=2, num_attention_heads=4, max_position_embeddings=37,
        word_embed_proj_dim=20, do_layer_norm_before=False), words()
    yield "bloom", "BloomForCausalLM", "BloomConfig", dict(vocab_size=WORDS, hidden_size=64, n_layer=2, n_head=4), words()
    yield "gpt-neox", "GPTNeoXForCausalLM", "GPTNeoXConfig", dict(SIZED), words()
    yield "llama", "LlamaForCausalLM", "LlamaConfig", dict(GROUPED), words()
    yield "llama-wide-heads", "LlamaForCausalLM", "LlamaConfig", dict(GROUPED, head_dim=24, attention_bias=True), words()
    yield "mistral", "MistralForCausalLM", "MistralConfig", dict(GROUPED, sliding_window=5), words()
    yield "mixtral", "MixtralForCausalLM", "MixtralConfig", dict(GROUPED, num_local_experts=5, num_experts_per_tok=2), words()
    yield "mixtral-loop", "MixtralForCausalLM", "MixtralConfig", dict(
        GROUPED, num_local_experts=5, num_experts_per_tok=2, experts_implementation="eager"), words()
    yield "qwen2", "Qwen2ForCausalLM", "Qwen2Config", dict(GROUPED), words()
    yield "qwen3", "Qwen3ForCausalLM", "Qwen3Config", dict(GROUPED, head_dim=24), words()
    yield "phi3", "Phi3ForCausalLM", "Phi3Config", dict(GROUPED, pad_token_id=0), words()
    yield "gemma2", "Gemma2ForCausalLM", "Gemma2Config", dict(GROUPED, head_dim=24, sliding_window=5), words()
    yield "falcon", "FalconForCausalLM", "FalconConfig", dict(
        vocab_size=WORDS, hidden_size=64, num_hidden_layers=2, num_attention_heads=4, ffn_hidden_size=104), words()
    yield "falcon-grouped", "FalconForCausalLM", "FalconConfig", dict(
        vocab_size=WORDS, hidden_size=64, num_hidden_layers=2, num_attention_heads=4, ffn_hidden_size=104,
        new_decoder_architecture=True, num_kv_heads=2), words()
    yield "mamba", "MambaForCausalLM", "MambaConfig", dict(
        vocab_size=WORDS, hidden_size=40, state_size=6, num_hidden_layers=2, expand=2, time_step_rank=5), words(False)
    yield "rwkv", "RwkvForCausalLM", "RwkvConfig", dict(
        vocab_size=WORDS, hidden_size=64, intermediate_size=104, attention_hidden_size=48, num_hidden_layers=2,
        context_length=37), words(False)


def pairs_of_sequences():
    small = dict(vocab_size=WORDS, d_model=64, d_ff=104, d_kv=12, num_layers=2, num_decoder_layers=2, num_heads=4)
    yield "t5", "T5ForConditionalGeneration", "T5Config", dict(small), pairs()
    yield "t5-gated", "T5ForConditionalGeneration", "T5Config", dict(
        small, feed_forward_proj="gated-gelu", tie_word_embeddings=False), pairs()
    sides = dict(
        vocab_size=WORDS, d_model=64, encoder_layers=2, decoder_layers=2, encoder_attention_heads=4,
        decoder_attention_heads=4, encoder_ffn_dim=104, decoder_ffn_dim=88)
    yield "bart", "BartForConditionalGeneration", "BartConfig", dict(sides, max_position_embeddings=37), pairs()
    yield "whisper", "WhisperForConditionalGeneration", "WhisperConfig", dict(
        sides, num_mel_bins=20, max_source_positions=18, max_target_positions=37, pad_token_id=0, bos_token_id=1,
        eos_token_id=2, decoder_start_token_id=1), {
            "input_features": torch.rand(2, 20, 36), "decoder_input_ids": torch.randint(3, WORDS, (2, 9)),
            "decoder_attention_mask": torch.ones(2, 9, dtype=torch.long)}
    yield "wav2vec2", "Wav2Vec2ForCTC", "Wav2Vec2Config", dict(
        vocab_size=31, hidden_size=64, intermediate_size=104, num_hidden_layers=2, num_attention_heads=4,
        conv_dim=(24, 32), conv_stride=(5, 4), conv_kernel=(10, 5), num_feat_extract_layers=2,
        num_conv_pos_embeddings=8, num_conv_pos_embedding_groups=4), {"input_values": torch.rand(2, 400)}
    yield "wav2vec2-normed", "Wav2Vec2ForCTC", "Wav2Vec2Config", dict(
        vocab_size=31, hidden_size=64, intermediate_size=104, num_hidden_layers=2, num_attention_heads=4,
        conv_dim=(24, 32), conv_stride=(5, 4), conv_kernel=(10, 5), num_feat_extract_layers=2,
        num_conv_pos_embeddings=8, num_conv_pos_embedding_groups=4, feat_extract_norm="layer",
        do_stable_layer_norm=True, conv_bias=True), {"input_values": torch.rand(2, 400)}


def towers():
    text = dict(SIZED, hidden_size=48, intermediate_size=88, projection_dim=28, eos_token_id=2)
    yield "clip", "CLIPModel", "CLIPConfig", dict(
        text_config=text, vision_config=dict(IMAGE, projection_dim=28), projection_dim=28), {
            **words(), **image()}, ("logits_per_image",)
    yield "vit", "ViTForImageClassification", "ViTConfig", dict(IMAGE), image()
    yield "deit", "DeiTForImageClassificationWithTeacher", "DeiTConfig", dict(IMAGE), image()
    yield "beit", "BeitForImageClassification", "BeitConfig", dict(
        IMAGE, use_relative_position_bias=True, layer_scale_init_value=0.1), image()
    yield "swin", "SwinForImageClassification", "SwinConfig", dict(
        image_size=48, patch_size=3, embed_dim=24, depths=[2, 2], num_heads=[2, 4], window_size=4), image()
    yield "segformer", "SegformerForSemanticSegmentation", "SegformerConfig", dict(
        depths=[1, 1, 1, 1], sr_ratios=[4, 2, 2, 1], hidden_sizes=[16, 24, 40, 48], num_attention_heads=[1, 2, 4, 4],
        decoder_hidden_size=56, num_labels=7), image(64)


def detectors():
    backbone = dict(
        model_type="resnet", embedding_size=12, hidden_sizes=[16, 24, 32, 48], depths=[1, 1, 1, 1],
        layer_type="bottleneck", out_features=["stage4"])
    yield "detr", "DetrForObjectDetection", "DetrConfig", dict(
        use_timm_backbone=False, use_pretrained_backbone=False, backbone=None, backbone_config=dict(backbone),
        d_model=64, encoder_layers=2, decoder_layers=2, encoder_attention_heads=4, decoder_attention_heads=4,
        encoder_ffn_dim=104, decoder_ffn_dim=88, num_queries=13, num_labels=9), image(96), ("logits", "pred_boxes")
    yield "yolos", "YolosForObjectDetection", "YolosConfig", dict(
        IMAGE, image_size=[48, 48], num_detection_tokens=13, num_labels=9), image(), ("logits", "pred_boxes")
    yield "rt-detr", "RTDetrForObjectDetection", "RTDetrConfig", dict(
        backbone_config=dict(
            model_type="rt_detr_resnet", embedding_size=12, hidden_sizes=[16, 24, 32, 48], depths=[1, 1, 1, 1],
            layer_type="bottleneck", out_features=["stage2", "stage3", "stage4"]),
        use_pretrained_backbone=False, encoder_hidden_dim=48, encoder_in_channels=[24, 32, 48], encoder_ffn_dim=104,
        encoder_attention_heads=4, decoder_attention_heads=4, d_model=48, decoder_ffn_dim=88, decoder_layers=2,
        decoder_in_channels=[48, 48, 48], num_queries=13, num_denoising=0, num_labels=9, anchor_image_size=None,
        ), image(96), ("logits", "pred_boxes")


def networks():
    found = {}
    for family in (encoders, decoders, pairs_of_sequences, towers, detectors):
        for name, *rest in family():
            found[name] = rest
    return found


def transformers_names():
    return list(networks())


def transformers_network(name):
    """Module, inputs by name, and whether the batch is open."""
    import transformers

    kind, configuration, options, inputs, *outputs = networks()[name]
    experts = options.pop("experts_implementation", "batched_mm")
    made = getattr(transformers, configuration)(**options)
    made._attn_implementation, made._experts_implementation = "eager", experts
    model = getattr(transformers, kind)(made)
    constants = {"use_cache": False} if getattr(made, "use_cache", False) else {}
    return Outputs(model, list(inputs), outputs[0] if outputs else ("logits",), constants), inputs, True
