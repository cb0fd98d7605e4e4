"""How somebody is reached: what the registry says of patients and organisations."""
