/// Tests of WhatsApp.
@NullMarked
package dev.parley.channels.whatsapp;

import org.jspecify.annotations.NullMarked;
