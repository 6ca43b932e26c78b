namespace Socle.Tests.Server.Reading;

/// <summary>Related records: every kind of relation, every way to name it, and what can be asked of it.</summary>
[Collection(nameof(ReadingServer))]
public sealed class EmbedTests(ReadingServer server)
{
    private const string First = "id=eq.00000000-0000-4000-8000-000000000001";

    public static TheoryData<string, string> Relations => new()
    {
        // to one, to many, one to one from both sides
        { "orders?select=id,clients(lastName)&id=lt.3&order=id", """[{"id":1,"clients":{"lastName":"Martin"}},{"id":2,"clients":{"lastName":"Martin"}}]""" },
        { "clients?select=firstName,companies(name)&order=last_name&company_id=is.null", """[{"firstName":"Zoé","companies":null}]""" },
        { $"clients?select=orders(id)&{First}&orders.order=id.desc", """[{"orders":[{"id":2},{"id":1}]}]""" },
        { "companies?select=id,clients(id)&id=eq.5", """[{"id":5,"clients":[]}]""" },
        { $"clients?select=clientProfiles(language,newsletter)&{First}", """[{"clientProfiles":{"language":"fr","newsletter":true}}]""" },
        { "clients?select=client_profiles(language)&company_id=eq.3", """[{"clientProfiles":null}]""" },
        { "client_profiles?select=language,clients(lastName)&language=eq.en", """[{"language":"en","clients":{"lastName":"Martin, née Durand"}}]""" },
        // self reference: a table is its children, the column its parent
        { "companies?select=id,companies(id)&id=eq.1&companies.order=id", """[{"id":1,"companies":[{"id":2},{"id":3}]}]""" },
        { "companies?select=id,parent_company_id(name)&id=lt.3&order=id", """[{"id":1,"parentCompanyId":null},{"id":2,"parentCompanyId":{"name":"Holding"}}]""" },
        { "companies?select=id,parent:parentCompanyId(name,grand:parent_company_id(name))&id=eq.4", """[{"id":4,"parent":{"name":"Lavage Nord","grand":{"name":"Holding"}}}]""" },
        { "companies?select=children:companies!parent_company_id(id)&id=eq.2", """[{"children":[{"id":4}]}]""" },
        // two foreign keys to one table: by constraint, by column
        { "orders?select=billing:addresses!fk_orders_billing(city),shipping:addresses!fk_orders_shipping(city)&id=eq.1", """[{"billing":{"city":"Lille"},"shipping":{"city":"Paris"}}]""" },
        { "orders?select=b:addresses!billing_address_id(city),s:addresses!shippingAddressId(city)&id=eq.1", """[{"b":{"city":"Lille"},"s":{"city":"Paris"}}]""" },
        { "orders?select=billing_address_id(city),fk_orders_shipping(city)&id=eq.1", """[{"billingAddressId":{"city":"Lille"},"fkOrdersShipping":{"city":"Paris"}}]""" },
        { "addresses?select=id,billed:orders!billing_address_id(id),shipped:orders!fk_orders_shipping(id)&id=eq.1&billed.order=id", """[{"id":1,"billed":[{"id":1},{"id":2}],"shipped":[{"id":2}]}]""" },
        // many to many
        { "products?select=id,categories!product_categories(label)&order=id&categories.order=id", """[{"id":1,"categories":[{"label":"Entretien"}]},{"id":2,"categories":[{"label":"Entretien"},{"label":"Beauté"}]},{"id":3,"categories":[]}]""" },
        { "categories?select=products!productSuggestions(name)&id=eq.3", """[{"products":[{"name":"Savon"}]}]""" },
        { "products?select=product_categories(category_id,categories(label))&id=eq.1", """[{"productCategories":[{"categoryId":1,"categories":{"label":"Entretien"}}]}]""" },
        { "people?select=name,followed:people!followed_id(name),followers:people!follower_id(name)&id=eq.2", """[{"name":"Ben","followed":[{"name":"Cléo"}],"followers":[{"name":"Ana"}]}]""" },
        { "people?select=people!fk_follows_followed(id)&id=eq.1&people.order=id", """[{"people":[{"id":2},{"id":3}]}]""" },
        // deep, and the same table again
        { "companies?select=name,clients(lastName,orders(id,orderLines(lineNo,products(name,categories!product_categories(label)))))&id=eq.2&clients.order=last_name&clients.orders.order=id&clients.orders.order_lines.order=line_no&clients.orders.orderLines.products.categories.order=id.desc&clients.limit=1",
            """[{"name":"Lavage Nord","clients":[{"lastName":"Martin","orders":[{"id":1,"orderLines":[{"lineNo":1,"products":{"name":"Savon","categories":[{"label":"Entretien"}]}},{"lineNo":2,"products":{"name":"Cire","categories":[{"label":"Beauté"},{"label":"Entretien"}]}}]},{"id":2,"orderLines":[{"lineNo":1,"products":{"name":"Éponge","categories":[]}}]}]}]}]""" },
        { $"clients?select=paid:orders(id),open:orders(id)&paid.status=eq.paid&open.status=eq.open&{First}", """[{"paid":[{"id":1}],"open":[{"id":2}]}]""" },
        { $"clients?select=a:orders(id),b:orders(id)&orders.status=eq.paid&{First}", """[{"a":[{"id":1}],"b":[{"id":1}]}]""" },
        { "companies?select=companies(companies(companies(id)))&id=eq.1&companies.id=eq.2", """[{"companies":[{"companies":[{"companies":[]}]}]}]""" },
    };

    public static TheoryData<string, string> Conditions => new()
    {
        { "clients?select=lastName,orders(id)&orders.amount=gt.50&orders.order=id&company_id=eq.2&order=last_name", """[{"lastName":"Martin","orders":[{"id":1}]},{"lastName":"Martin, née Durand","orders":[]}]""" },
        { "clients?select=lastName,orders!inner(id)&orders.amount=gt.50", """[{"lastName":"Martin","orders":[{"id":1}]}]""" },
        { "orders?select=id,clients!inner(lastName)&clients.company_id=eq.3", """[{"id":4,"clients":{"lastName":"O'Brien \"Bob\""}}]""" },
        { "orders?select=id,clients!inner()&clients.company_id=eq.3", """[{"id":4}]""" },
        { "companies?select=id,clients!inner(orders!inner(id))&clients.orders.status=eq.void", """[{"id":3,"clients":[{"orders":[{"id":4}]}]}]""" },
        { "companies?select=id,clients!inner(orders!inner(id,order_lines!inner(lineNo,products!inner())))&clients.orders.orderLines.products.sku=eq.CIRE-1", """[{"id":2,"clients":[{"orders":[{"id":1,"orderLines":[{"lineNo":2}]}]}]}]""" },
        { "products?select=id,categories!product_categories!inner()&categories.label=eq.Beauté", """[{"id":2}]""" },
        { "clients?select=lastName,orders!left(id)&orders.or=(status.eq.void,amount.gt.100)&company_id=not.is.null&order=last_name&orders.order=id", """[{"lastName":"Martin","orders":[{"id":1}]},{"lastName":"Martin, née Durand","orders":[]},{"lastName":"O'Brien \"Bob\"","orders":[{"id":4}]}]""" },
        { "clients?select=orders(id)&orders.not.or=(status.eq.void,amount.gt.100)&orders.not.and=(id.eq.2,status.eq.open)&id=eq.00000000-0000-4000-8000-000000000001", """[{"orders":[]}]""" },
        { "orders?select=id,order_lines(lineNo)&order_lines.order=line_no.desc&order_lines.limit=1&order_lines.offset=1&id=eq.1", """[{"id":1,"orderLines":[{"lineNo":1}]}]""" },
        { "orders?select=id,lines:order_lines(lineNo)&lines.limit=0&id=eq.1", """[{"id":1,"lines":[]}]""" },
        // whether there is any
        { "clients?select=lastName,orders()&orders=is.null", """[{"lastName":"100% {sûr}"}]""" },
        { "clients?select=lastName,orders(id)&orders=not.is.null&orders.status=eq.void", """[{"lastName":"O'Brien \"Bob\"","orders":[{"id":4}]}]""" },
        { "clients?select=lastName,companies()&companies=is.not_null&order=last_name&limit=1", """[{"lastName":"Martin"}]""" },
        { "orders?select=id,billing:addresses!fk_orders_billing()&billing=is.null", """[{"id":4}]""" },
        { "clients?select=lastName,orders(),clientProfiles()&or=(orders.is.null,clientProfiles.not.is.null)&order=last_name", """[{"lastName":"100% {sûr}"},{"lastName":"Martin"},{"lastName":"Martin, née Durand"}]""" },
        { "clients?select=lastName,orders()&and=(orders.is.null,or(company_id.is.null,last_name.eq.x))", """[{"lastName":"100% {sûr}"}]""" },
        { "clients?select=lastName,orders()&orders=not.is.not_null", """[{"lastName":"100% {sûr}"}]""" },
        // order by a related record
        { "orders?select=id,clients(lastName)&order=clients(lastName).desc,id&limit=2", """[{"id":4,"clients":{"lastName":"O'Brien \"Bob\""}},{"id":3,"clients":{"lastName":"Martin, née Durand"}}]""" },
        { "orders?select=id,shipping:addresses!fk_orders_shipping()&order=shipping(city).nullsfirst,id", """[{"id":3},{"id":4},{"id":2},{"id":1}]""" },
        { "clients?select=first_name,client_profiles()&order=clientProfiles(language).desc.nullslast&limit=1", """[{"firstName":"Paul"}]""" },
        { "clients?select=orders(id,billing:addresses!fk_orders_billing(city))&orders.order=billing(city).desc,id.desc&id=eq.00000000-0000-4000-8000-000000000001", """[{"orders":[{"id":2,"billing":{"city":"Lille"}},{"id":1,"billing":{"city":"Lille"}}]}]""" },
        { "clients?select=first_name,data->n&order=data->n.nullsfirst,first_name&limit=2", """[{"firstName":"Zoé","n":null},{"firstName":null,"n":null}]""" },
    };

    public static TheoryData<string, string> Spreads => new()
    {
        { "orders?select=id,...clients(client:lastName,status)&id=eq.1", """[{"id":1,"client":"Martin","status":"active"}]""" },
        { "orders?select=id,...billing_address_id(billingCity:city),...fk_orders_shipping(shippingCity:city)&order=id.desc&limit=2", """[{"id":4,"billingCity":null,"shippingCity":null},{"id":3,"billingCity":"Lille","shippingCity":null}]""" },
        { "orders?select=id,...clients(...companies(company:name))&id=gt.2&order=id", """[{"id":3,"company":"Lavage Nord"},{"id":4,"company":"Lavage Sud"}]""" },
        { "orders?select=id,...clients(n:data->n,companies(name),orders(id))&id=eq.3", """[{"id":3,"n":10,"companies":{"name":"Lavage Nord"},"orders":[{"id":3}]}]""" },
        { "orders?select=id,...clients!inner(c:lastName)&clients.company_id=eq.3", """[{"id":4,"c":"O'Brien \"Bob\""}]""" },
        { "orders?select=id,...clients(created_at::date)&id=eq.1", """[{"id":1,"createdAt":"2024-01-01"}]""" },
        { "clients?select=lastName,...orders(orderIds:id,amounts:amount)&orders.order=id.desc&company_id=eq.2&order=last_name", """[{"lastName":"Martin","orderIds":[2,1],"amounts":[20.00,100.50]},{"lastName":"Martin, née Durand","orderIds":[3],"amounts":[9.99]}]""" },
        { "companies?select=id,...clients(last:lastName)&id=eq.5", """[{"id":5,"last":[]}]""" },
        { "clients?select=...orders(ids:id,order_lines(lineNo))&orders.order=id&orders.orderLines.order=line_no&id=eq.00000000-0000-4000-8000-000000000001", """[{"ids":[1,2],"orderLines":[[{"lineNo":1},{"lineNo":2}],[{"lineNo":1}]]}]""" },
        { "products?select=id,...categories!product_categories(labels:label)&id=eq.2&categories.order=label", """[{"id":2,"labels":["Beauté","Entretien"]}]""" },
        { "clients?select=...orders(...billing_address_id(cities:city))&orders.order=id&id=eq.00000000-0000-4000-8000-000000000001", """[{"cities":["Lille","Lille"]}]""" },
        { "orders?select=...clients(...companies(company:name)),count()&order=clients(lastName)", "refused" },
        { "orders?select=...clients(...companies(company:name)),amount.sum()&id=lt.4", """[{"company":"Lavage Nord","sum":130.49}]""" },
    };

    public static TheoryData<string, string, string> Refusals => new()
    {
        { "orders?select=addresses(city)", "ambiguous_relation", "addresses!fk_orders_billing, addresses!fk_orders_shipping" },
        { "products?select=categories(label)", "ambiguous_relation", "categories!product_categories, categories!product_suggestions" },
        { "people?select=people(name)", "ambiguous_relation", "people!fk_follows_follower, people!fk_follows_followed" },
        { "orders?select=client(name)", "unknown_field", "Did you mean 'clients'?" },
        { "orders?select=products(name)", "unknown_field", "It is related to" },
        { "log_lines?select=clients(id)", "unknown_field", "No foreign key" },
        { "orders?select=addresses!nothing(city)", "unknown_field", "addresses!nothing" },
        { "orders?select=clients(nam)", "unknown_field", "'clients' has no field 'nam'" },
        { "orders?select=clients(id)&clients.nothing=eq.1", "unknown_field", "nothing" },
        { "orders?select=id&clients.last_name=eq.x", "invalid_filter", "not an embedded resource" },
        { "orders?select=clients(id)&clients=eq.1", "invalid_filter", "is.null or not.is.null" },
        { "clients?select=id,orders(id)&order=orders(id)", "invalid_filter", "at most one record" },
        { "orders?select=id&order=clients(last_name)", "invalid_filter", "is in select" },
        { "clients?select=...orders(count())", "invalid_filter", "Aggregates cannot be used" },
        { "clients?select=orders(id),orders(amount)", "invalid_filter", "'orders' is embedded twice" },
        { "clients?select=a:orders(id),a:companies(id)", "invalid_filter", "'a' is embedded twice" },
        { "orders?select=...addresses!fk_orders_billing(a:city),...addresses!fk_orders_shipping(b:city)", "invalid_filter", "name a spread by its foreign key" },
        { "clients?select=a:orders(id),b:orders(id)&orders=is.null", "invalid_filter", "Name the one you mean: a, b" },
        { "clients?select=lastName,lastName:orders(id)", "invalid_filter", "answered as 'lastName'" },
        { "orders?select=id,...clients(id)", "invalid_filter", "answered as 'id'" },
        { "orders?select=id.sum(),amount.sum()", "invalid_filter", "answered as 'sum'" },
        { "orders?select=status,count()&order=amount", "invalid_filter", "grouped" },
    };

    [Theory]
    [MemberData(nameof(Relations))]
    [MemberData(nameof(Conditions))]
    [MemberData(nameof(Spreads))]
    public Task Related_records_come_along(string address, string data) =>
        data == "refused" ? server.Expect(400, Call.Get($"/api/{address}")) : server.Expect(200, Call.Get($"/api/{address}"), data);

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_relation_that_is_not_clear_is_refused_with_what_to_write(string address, string code, string says)
    {
        var answer = await server.Expect(400, Call.Get($"/api/{address}"));
        Assert.Equal(code, (string)answer.Error["code"]!);
        Assert.Contains(says, (string)answer.Error["message"]!, StringComparison.Ordinal);
        Assert.NotEmpty(answer.Error["fields"]!.AsObject());
    }
}
