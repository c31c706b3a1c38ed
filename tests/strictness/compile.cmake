# SPDX-License-Identifier: MIT
# Compiles SOURCE with the flags in FLAGS. With REFUSED the compiler must fail with a message that matches it, else it must succeed.
execute_process(COMMAND ${CMAKE_COMMAND} -E env LC_ALL=C ${COMPILER} @${FLAGS} ${SOURCE}
    RESULT_VARIABLE code OUTPUT_VARIABLE said ERROR_VARIABLE said)
if("${REFUSED}" STREQUAL "")
    if(NOT code EQUAL 0)
        message(FATAL_ERROR "should compile, and does not (${code}):\n${said}")
    endif()
elseif(code EQUAL 0)
    message(FATAL_ERROR "compiles, though it breaks the rule that it was written for")
elseif(NOT said MATCHES "error:[^\n]*(${REFUSED})")
    message(FATAL_ERROR "is refused, but not with an error that matches '${REFUSED}':\n${said}")
endif()
