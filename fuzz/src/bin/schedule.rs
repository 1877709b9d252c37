#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| interleak_fuzz::attack(interleak_fuzz::schedule, data));
