# The one program: wiring of hub and drivers.
file(GLOB main_sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/hub/main.c" "${CMAKE_SOURCE_DIR}/hub/cli*.c")
add_executable(servery ${main_sources})
target_link_libraries(servery PRIVATE servery_flags servery_hub servery_store_sqlite servery_http servery_crypto_sodium
    servery_text_utf8proc servery_os_clock servery_bell_gpiod servery_bell_lamp servery_ticket_pango servery_printer_cups)
set_target_properties(servery PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}")
