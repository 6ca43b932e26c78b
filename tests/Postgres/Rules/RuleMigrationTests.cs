using Npgsql;
using Socle.Kernel;
using Socle.Tests.Postgres.Schema;

namespace Socle.Tests.Postgres.Rules;

/// <summary>Rules of a blueprint are steps like others: planned, applied once, taken down and brought up again.</summary>
public sealed class RuleMigrationTests(TestServer server) : SchemaScenario(server)
{
    private const string Fields = "fields: { status: text, reason: text, amount: { type: decimal, precision: 12, scale: 2 } }";

    private const string Late = "- { id: late, when: \"status=eq.late\", require: [reason], message: { fr: Pourquoi ?, en: Why? } }";

    private const string Constraints = "SELECT conname || ' ' || convalidated FROM pg_constraint WHERE conrelid = 'things'::regclass AND contype = 'c' ORDER BY 1";

    private const string Triggers = "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'things'::regclass AND tgname LIKE '%rules'";

    [Fact]
    public async Task Rules_come_with_the_blueprint_go_with_it_and_apply_twice_changes_nothing()
    {
        await Apply(Things($"{Fields}\nrules:\n  {Late}"));
        Assert.Equal("ck_things_rule_late true", await List(Constraints));
        await Broken("INSERT INTO things (status) VALUES ('late')", """["late", "require", "reason"]""");
        await Execute("INSERT INTO things (status, reason) VALUES ('late', 'snow')");

        var changed = await Apply(Things($"{Fields}\nrules:\n  {Late}\n  - {{ id: dear, when: \"amount=gt.100\", require: [reason], choices: {{ status: [late, paid] }} }}"));
        Assert.Equal("set the rules of things (late, dear)", Assert.Single(changed.Steps).Words.English);
        await Broken("INSERT INTO things (status, amount) VALUES ('open', 100.01)", """["dear", "require", "reason"],["dear", "choices", "status"]""");

        await Apply(Things(Fields));
        Assert.Equal("", await List(Constraints));
        Assert.Equal("0", await List(Triggers));
        Assert.Equal("0", await List("SELECT count(*) FROM socle_system.rules"));
        await Execute("INSERT INTO things (status) VALUES ('late')");
    }

    [Fact]
    public async Task The_way_down_takes_rules_off_and_the_way_up_brings_them_back()
    {
        await Apply(Things(Fields));
        await Apply(Things($"{Fields}\nrules:\n  {Late}"));
        await Down();
        Assert.Equal("0", await List(Triggers));
        await Execute("INSERT INTO things (status, reason) VALUES ('late', 'snow')");
        await Up();
        await Broken("INSERT INTO things (status) VALUES ('late')", """["late", "require", "reason"]""");

        await Apply(Things(Fields));
        await Execute("INSERT INTO things (status) VALUES ('late')");
        // What was written meanwhile stays until it is written again.
        await Down();
        Assert.Equal("ck_things_rule_late false", await List(Constraints));
        await Broken("UPDATE things SET amount = 1 WHERE reason IS NULL", """["late", "require", "reason"]""");
        await Execute("UPDATE things SET reason = 'ice' WHERE reason IS NULL");
    }

    [Fact]
    public async Task A_new_table_goes_and_comes_with_its_rules_and_its_records()
    {
        await Apply(Things($"{Fields}\nrules:\n  {Late}"));
        await Execute("INSERT INTO things (status, reason) VALUES ('late', 'snow')");
        await Down();
        await Up();
        Assert.Equal("1", await List("SELECT count(*) FROM things"));
        await Broken("INSERT INTO things (status) VALUES ('late')", """["late", "require", "reason"]""");
        Assert.True((await Plan(Things($"{Fields}\nrules:\n  {Late}"))).IsEmpty);
    }

    [Fact]
    public async Task Stored_records_that_break_a_rule_are_counted_and_named()
    {
        await Apply(Things($"key: [status]\ntimestamps: false\n{Fields}"));
        await Execute("INSERT INTO things (status) SELECT 's' || i FROM generate_series(10, 22) i");
        var fault = await Refused(Things($"key: [status]\ntimestamps: false\n{Fields}\nrules:\n  - {{ id: why, require: [reason] }}"));
        Assert.Equal((FaultCode.Conflict, "13 stored records break the rule 'why' in 'reason', with the ids (the first ten) s10, s11, s12, s13, s14, s15, s16, s17, s18, s19. Correct them, or let the rule hold for new writes only with existing: keep. Nothing was changed."), (fault.Code, fault.Message.English));
        await Apply(Things($"key: [status]\ntimestamps: false\n{Fields}\nrules:\n  - {{ id: why, require: [reason], existing: keep }}"));
        Assert.Equal("ck_things_rule_why false", await List(Constraints));
        await Refused(Things($"key: [status]\ntimestamps: false\n{Fields}\nrules:\n  - {{ id: why, require: [reason] }}"));
        await Execute("UPDATE things SET reason = 'x'");
        await Apply(Things($"key: [status]\ntimestamps: false\n{Fields}\nrules:\n  - {{ id: why, require: [reason] }}"));
        Assert.Equal("ck_things_rule_why true", await List(Constraints));
    }

    [Fact]
    public async Task Rules_whose_constraints_would_have_one_name_get_two()
    {
        await Apply(Things($"{Fields}\nrules:\n  - {{ id: a, require: [reason, status] }}\n  - {{ id: a_2, require: [amount] }}"));
        Assert.Equal("ck_things_rule_a true\nck_things_rule_a_2 true\nck_things_rule_a_2_2 true", await List(Constraints));
        await Apply(Things($"{Fields}\nrules:\n  - {{ id: a_2, require: [amount, reason] }}\n  - {{ id: a, require: [status, amount] }}"));
        await Broken("INSERT INTO things DEFAULT VALUES", """["a_2", "require", "amount"],["a_2", "require", "reason"],["a", "require", "status"],["a", "require", "amount"]""");
    }

    [Fact]
    public async Task A_sample_that_breaks_a_rule_is_refused_by_name()
    {
        var fault = await Refused(Things($"{Fields}\nrules:\n  {Late}\nsample:\n  - {{ status: late }}"), withSample: true);
        Assert.Equal("A record that would be written breaks rules of 'things': late (reason). Correct it. Nothing was changed.", fault.Message.English);
    }

    [Fact]
    public async Task Rules_follow_renamed_fields_and_tables()
    {
        await Apply(Things($"{Fields}\nrules:\n  {Late}"));
        await Execute("ALTER TABLE things RENAME COLUMN status TO state; SELECT socle_system.refresh_fields(), socle_system.refresh_rules()");
        await Broken("INSERT INTO things (state) VALUES ('late')", """["late", "require", "reason"]""");
        var renamed = "fields: { phase: { id: status, type: text }, why: { id: reason, type: text }, amount: { type: decimal, precision: 12, scale: 2 } }";
        var done = await Apply(Things($"{renamed}\nrules:\n  - {{ id: late, when: \"phase=eq.late\", require: [why], message: {{ fr: Pourquoi ?, en: Why? }} }}"));
        Assert.DoesNotContain(done.Steps, step => step.Words.English.Contains("rules", StringComparison.Ordinal));
        await Broken("INSERT INTO things (phase) VALUES ('late')", """["late", "require", "why"]""");
        await Down();
        await Broken("INSERT INTO things (state) VALUES ('late')", """["late", "require", "reason"]""");
    }

    [Fact]
    public async Task A_field_goes_with_the_rules_about_it_and_comes_back_with_them()
    {
        await Apply(Things($"{Fields}\nrules:\n  {Late}"));
        await Execute("INSERT INTO things (status, reason) VALUES ('late', 'snow')");
        await Apply(Things("fields: { status: text, amount: { type: decimal, precision: 12, scale: 2 } }"));
        await Execute("INSERT INTO things (status) VALUES ('late')");
        await Down();
        Assert.Equal("snow", await List("SELECT reason FROM things WHERE reason IS NOT NULL"));
        await Broken("INSERT INTO things (status) VALUES ('late')", """["late", "require", "reason"]""");
    }

    [Fact]
    public async Task A_field_of_a_rule_may_change_its_type()
    {
        await Apply(Things("fields: { code: text, reason: text }\nrules:\n  - { id: seven, when: \"code=eq.7\", require: [reason] }"));
        await Execute("INSERT INTO things (code, reason) VALUES ('7', 'x')");
        await Apply(Things("fields: { code: number, reason: text }\nrules:\n  - { id: seven, when: \"code=eq.7\", require: [reason] }"));
        await Broken("INSERT INTO things (code) VALUES (7)", """["seven", "require", "reason"]""");
        await Down();
        await Broken("INSERT INTO things (code) VALUES ('7')", """["seven", "require", "reason"]""");
    }

    [Fact]
    public async Task Somebody_elses_rule_stays_and_holds_its_fields()
    {
        await Apply(Things(Fields));
        await Execute("""SELECT socle_system.put_rules('things', '{"lenient":false,"fields":["reason","status"],"rules":[{"id":"mine","definition":"{\"id\":\"mine\",\"when\":\"status=eq.x\",\"hide\":[\"reason\"]}","uses":["reason","status"],"blueprint":null}],"checks":[],"body":null}')""");
        await Apply(Things($"{Fields}\nrules:\n  {Late}"));
        Assert.Equal("late\nmine", await List("SELECT id FROM socle_system.rules ORDER BY id"));
        var fault = await Refused(Things("fields: { status: text, amount: { type: decimal, precision: 12, scale: 2 } }"));
        Assert.Equal("'things.reason' cannot go: the rules mine use it. Delete or change them first.", fault.Message.English);
        var contradiction = await Refused(Things($"{Fields}\nrules:\n  - {{ id: late, when: \"status=in.(x,y)\", require: [reason] }}"));
        Assert.Contains("'late' and 'mine' contradict each other: 'reason' is required and hidden. Both hold for the record {\"status\":\"x\"}.", contradiction.Message.English, StringComparison.Ordinal);
    }

    private async Task Broken(string sql, string rules)
    {
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => Execute(sql));
        Assert.Equal((PostgresErrorCodes.CheckViolation, $"[{rules}]"), (refusal.SqlState, refusal.Hint ?? refusal.MessageText));
    }
}
