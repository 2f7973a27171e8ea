package dev.parley.channels;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.conversations.Content;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.http.Problem;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The message templates of channels: what the provider has, kept here so that they can be chosen, shown and checked
/// before something is sent. The provider's word counts: everything is done there first, and what happens between its
/// answer and our commit is found by the next [TemplateSync].
@Singleton
public final class Templates {
  private static final String DELETED = "deleted";

  private final Channels channels;
  private final TenantDb db;
  private final Audit audit;
  private final TemplateChanges changes;

  /// Templates of `channels`.
  public Templates(
      Channels channels, TenantDb db, EventLog events, Audit audit, InstantSource clock) {
    this.channels = channels;
    this.db = db;
    this.audit = audit;
    this.changes = new TemplateChanges(events, clock);
  }

  ChannelAccount account(TenantId tenant, UUID channel) {
    return channels
        .account(channel)
        .filter(account -> account.tenant().equals(tenant))
        .orElseThrow(() -> Problem.notFound("channel"));
  }

  ProviderTemplates provider(ChannelAccount account) {
    return channels
        .connector(account.kind())
        .templates()
        .orElseThrow(
            () ->
                new Problem(
                    Problem.Code.CHANNEL_UNABLE, "Channels of this kind have no templates."));
  }

  /// A page of a channel's templates: `limit` + 1 rows where there are more. Throws a [Problem] when there is no such
  /// channel.
  List<MessageTemplate> page(
      TenantId tenant, UUID channel, TemplateStore.Filter filter, @Nullable UUID after, int limit) {
    account(tenant, channel);
    return db.inTenant(
        tenant, tx -> TemplateStore.page(tx.sql(), tenant, channel, filter, after, limit + 1));
  }

  /// Templates that may be sent, those whose name has `name` in it where that is given: `limit` + 1 where there are more.
  /// Throws a [Problem] when there is no such channel.
  public List<MessageTemplate> approved(
      TenantId tenant, UUID channel, @Nullable String name, @Nullable UUID after, int limit) {
    return page(
        tenant,
        channel,
        new TemplateStore.Filter(MessageTemplate.APPROVED, null, null, name),
        after,
        limit);
  }

  /// One of them; throws a [Problem] when there is none of that id.
  public MessageTemplate get(TenantId tenant, UUID channel, UUID id) {
    account(tenant, channel);
    return db.inTenant(tenant, tx -> TemplateStore.find(tx.sql(), tenant, channel, id))
        .orElseThrow(() -> Problem.notFound("template"));
  }

  /// Hands a new template in. Throws a [Problem] when it is not valid or the provider refuses it.
  MessageTemplate create(Caller caller, UUID channel, MessageTemplate.Draft draft) {
    ChannelAccount account = account(caller.inTenant(), channel);
    ProviderTemplates provider = provider(account);
    refuse(provider.check(draft));
    MessageTemplate made = changes.template(channel, provider.create(account, draft));
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          // A sync may have been quicker.
          if (!changes.insert(tx, made)) {
            TemplateStore.named(tx.sql(), tx.tenant(), channel, made.name(), made.language())
                .ifPresent(known -> changes.change(tx, known, keeping(known, made)));
          }
          record(tx, caller, "template.create", made);
          return TemplateStore.named(tx.sql(), tx.tenant(), channel, made.name(), made.language())
              .orElse(made);
        });
  }

  private MessageTemplate keeping(MessageTemplate known, MessageTemplate made) {
    return changes.told(
        known,
        new MessageTemplate.Told(
            made.providerId(),
            made.name(),
            made.language(),
            made.category(),
            made.status(),
            made.quality(),
            made.reason(),
            made.named(),
            made.components()));
  }

  /// Changes category and components; the provider looks at it anew. Throws a [Problem] when the outcome is not valid or
  /// the provider refuses it.
  MessageTemplate edit(
      Caller caller,
      UUID channel,
      UUID id,
      @Nullable String category,
      @Nullable JsonNode components) {
    ChannelAccount account = account(caller.inTenant(), channel);
    MessageTemplate before = get(caller.inTenant(), channel, id);
    var draft =
        new MessageTemplate.Draft(
            before.name(),
            before.language(),
            category == null ? before.category() : category,
            before.named(),
            components == null ? before.components() : components);
    ProviderTemplates provider = provider(account);
    refuse(provider.check(draft));
    provider.edit(account, before, draft);
    var told =
        new MessageTemplate.Told(
            before.providerId(),
            before.name(),
            before.language(),
            draft.category(),
            "pending",
            before.quality(),
            null,
            before.named(),
            draft.components());
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          MessageTemplate after = changes.told(before, told);
          changes.change(tx, before, after);
          record(tx, caller, "template.update", after);
          return after;
        });
  }

  /// Deletes it at the provider and here. Throws a [Problem] when the provider refuses it.
  void delete(Caller caller, UUID channel, UUID id) {
    ChannelAccount account = account(caller.inTenant(), channel);
    MessageTemplate template = get(caller.inTenant(), channel, id);
    provider(account).delete(account, template);
    db.runInTenant(
        caller.inTenant(),
        tx -> {
          changes.remove(tx, template);
          record(tx, caller, "template.delete", template);
        });
  }

  /// A template with values in place, and what is wrong with them.
  public record Preview(ProviderTemplates.Shown shown, List<Problem.FieldError> errors) {}

  /// Shows a template as the customer will see it.
  public Preview preview(TenantId tenant, UUID channel, UUID id, List<JsonNode> components) {
    MessageTemplate template = get(tenant, channel, id);
    ProviderTemplates provider = provider(account(tenant, channel));
    var sent = new Content.Template(template.name(), template.language(), components);
    return new Preview(provider.show(template, sent), provider.check(template, sent));
  }

  /// Takes up what a notice of the provider says about templates. The same notice comes here once.
  public void told(Tx tx, String kind, String field, JsonNode data) {
    Optional<ProviderTemplates.News> news =
        channels.connector(kind).templates().flatMap(provider -> provider.news(field, data));
    if (news.isEmpty()) {
      return;
    }
    for (MessageTemplate template :
        TemplateStore.ofProvider(tx.sql(), tx.tenant(), news.get().providerId())) {
      if (DELETED.equals(news.get().status())) {
        changes.remove(tx, template);
      } else {
        apply(tx, template, news.get());
      }
    }
  }

  private void apply(Tx tx, MessageTemplate before, ProviderTemplates.News news) {
    String status = news.status();
    var after =
        new MessageTemplate.Told(
            before.providerId(),
            before.name(),
            before.language(),
            or(news.category(), before.category()),
            or(status, before.status()),
            news.quality() == null ? before.quality() : news.quality(),
            status == null ? before.reason() : news.reason(),
            before.named(),
            before.components());
    if (before.differs(after)) {
      changes.change(tx, before, changes.told(before, after));
    }
  }

  private static String or(@Nullable String wanted, String old) {
    return wanted == null ? old : wanted;
  }

  private static void refuse(List<Problem.FieldError> errors) {
    if (!errors.isEmpty()) {
      throw Problem.invalid(errors);
    }
  }

  private void record(Tx tx, Caller caller, String action, MessageTemplate template) {
    audit.record(
        tx,
        caller,
        action,
        "template",
        template.id(),
        Map.of(
            "channel",
            template.channelId(),
            "name",
            template.name(),
            "language",
            template.language()));
  }
}
