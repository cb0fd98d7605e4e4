"""What runs a core: Faust by default, plain aiokafka as the reference."""
