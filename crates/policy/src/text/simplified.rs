//! Traditional characters that people write on these forms, and their simplified ones.

use std::sync::LazyLock;

/// Pairs of a traditional character and its simplified one.
const PAIRS: &str = "驗验過过測测試试歸归鏈链單单無无須须產产術术項项補补寫写緊紧權权數数據据記记臺台統统線线變变\
    發发還还復复換换關关閉闭開开調调啟启啓启級级鏡镜腳脚暫暂現现問问題题來来會会為为爲为與与並并幷并個个這这們们對对\
    時时後后號号實实應应當当報报價价買买賣卖賬账帳账戶户戸户資资產产證证參参議议員员應应處处理理導导優优務务動动\
    態态頁页類类結结構构網网絡络戰战電电話话語语說说説说讀读認认設设計计訊讯訂订許许論论評评詞词詳详請请謝谢識识譜谱\
    財财貨货責责貼贴費费貿贸賃赁賠赔賴赖購购贈赠贖赎轉转載载輸输輯辑輪轮軟软較较輔辅達达選选遠远運运連连進进遲迟\
    適适遞递邊边遺遗鄰邻釋释錄录錢钱錯错鍵键鎖锁鐘钟鑰钥銀银銷销鋪铺長长門门間间閱阅隊队陸陆陽阳階阶際际隨随險险\
    雙双雜杂雲云靜静響响頂顶順顺預预領领頭头頻频額额願愿顯显風风飛飞餘余館馆馬马驅驱體体魚鱼鳥鸟麼么黃黄點点齊齐\
    齡龄東东業业兩两嚴严喪丧豐丰臨临麗丽舉举義义樂乐習习鄉乡書书亂乱爭争虧亏亞亚億亿僅仅從从倉仓儀仪傳传傷伤倫伦\
    偽伪佇伫側侧僑侨儲储兒儿內内円円冊册軍军農农馮冯沖冲決决況况凍冻淨净準准減减湊凑幾几鳳凤憑凭凱凯擊击劃划劉刘\
    則则剛刚創创刪删別别劑剂劍剑勸劝辦办勁劲勞劳勢势勻匀區区醫医華华協协賣卖盧卢衛卫卻却廠厂廳厅歷历曆历厲厉壓压\
    縣县雙双葉叶嘆叹嗎吗吳吴員员聽听啟启單单噴喷嘗尝團团園园圍围國国圖图圓圆場场壞坏塊块堅坚壇坛墊垫執执夠够頭头\
    誇夸奪夺奮奋獎奖妝妆婦妇媽妈嬰婴孫孙學学寧宁寶宝審审憲宪宮宫寬宽賓宾寢寝將将專专尋寻爾尔塵尘嘗尝盡尽層层屆届\
    屬属歲岁島岛嶺岭巔巅幣币帥帅師师幫帮帶带幀帧廣广莊庄慶庆廬庐庫库異异棄弃張张彈弹強强歸归彙汇匯汇徑径復复徹彻\
    憶忆懷怀態态總总戀恋恆恒懇恳惡恶悶闷惱恼懸悬驚惊慣惯慘惨懶懒戲戏擴扩掃扫揚扬擾扰撫抚拋抛搶抢護护報报擔担擬拟\
    攏拢揀拣擁拥攔拦擰拧撥拨擇择掛挂摯挚擠挤揮挥損损撿捡據据擋挡搗捣攝摄攜携擺摆搖摇撐撑攤摊敵敌斂敛齋斋鬥斗斬斩\
    斷断時时曠旷晝昼顯显晉晋曬晒曉晓暈晕術术樸朴機机殺杀雜杂條条楊杨極极標标棧栈棟栋欄栏樹树樣样橋桥檔档檢检棲栖\
    權权橫横歡欢歐欧殘残毀毁畢毕氣气漢汉湯汤溝沟沒没滬沪淚泪澤泽潔洁灑洒淺浅漿浆濃浓濟济測测渾浑塗涂濤涛漲涨潤润\
    澀涩滲渗溫温灣湾濕湿滿满滯滞滾滚漏漏潛潜瀏浏瀉泻灘滩災灾爐炉燈灯靈灵爛烂煩烦燒烧熱热愛爱爺爷牆墙狀状獨独獲获\
    獻献環环瑪玛瓊琼畫画暢畅療疗癥症監监蓋盖盤盘睜睁矯矫礦矿碼码磚砖確确禮礼禍祸離离種种積积稱称穩稳窮穷竊窃競竞\
    筆笔籤签簽签簡简籃篮糧粮係系緒绪續续維维綁绑綜综綠绿縮缩線线組组細细終终絕绝給给經经絲丝紅红約约級级紀纪純纯\
    納纳紐纽練练織织繪绘繞绕繼继績绩緩缓編编緣缘縱纵繁繁罰罚罷罢職职聯联聲声肅肃膚肤腫肿脫脱勝胜脈脉臉脸艦舰藝艺\
    節节蘇苏範范薦荐藥药蘋苹萬万營营蕭萧薩萨藍蓝虛虚蟲虫補补裝装褲裤襲袭見见觀观規规視视覽览覺觉觸触訪访證证詢询\
    該该誤误課课調调談谈謀谋謊谎講讲譯译護护負负貢贡貫贯貴贵貸贷質质賞赏趙赵趨趋跡迹蹟迹踐践車车軌轨輕轻輩辈辭辞\
    農农遙遥郵邮醜丑釘钉針针鈕钮鈔钞鋼钢鎮镇鏟铲鑒鉴鑑鉴閃闪閑闲閒闲閘闸闡阐隱隐隸隶難难韓韩韻韵頒颁頓顿顧顾顏颜\
    飯饭飲饮養养餅饼驟骤騙骗驟骤鬆松鬧闹鹽盐麥麦黨党龍龙亂乱仟千託托訴诉詐诈註注誌志裡里裏里週周彆别傭佣獲获輛辆\
    遷迁僞伪厘厘隻只採采佔占併并仝同囑嘱嚮向塊块妳你甦苏蹤踪遊游鉤钩鈎钩陣阵雖虽駁驳駐驻闆板麵面鍾钟沖冲幹干乾干\
    嵌嵌擱搁攪搅敘叙斃毙檯台歎叹氾泛淩凌溼湿滙汇牠它牽牵璽玺畝亩皺皱禦御穀谷纔才缽钵羣群衊蔑覈核諮咨諾诺謄誊\
    豎竖貳贰賈贾跼局邇迩釐厘銘铭鋒锋鍋锅鏈链鑽钻閥阀闊阔雇雇霧雾韌韧頗颇飾饰驕骄髮发鬍胡鹼碱點点齒齿擷撷淪沦\
    瞭了癒愈矇蒙筍笋簾帘糾纠紛纷紋纹紙纸綫线緻致締缔纜缆羈羁聰聪膠胶蔔卜蔣蒋虜虏螢萤衝冲褻亵詭诡諧谐謎谜\
    譽誉讓让讚赞贊赞賺赚賽赛蹺跷軸轴輝辉轟轰逕径遜逊鄭郑鄧邓酬酬釣钓鉅巨鉛铅銜衔鋭锐銳锐鏢镖闖闯陳陈隕陨\
    備备閾阈迴回儘尽兌兑眾众舊旧興兴滅灭漸渐誠诚趕赶複复羅罗籌筹稅税礙碍盜盗縫缝鎊镑陰阴祕秘煉炼殼壳槍枪槓杠罵骂臟脏艙舱聖圣膽胆討讨謹谨諒谅猶犹瑣琐髒脏紮扎綱纲鑄铸駕驾騰腾魯鲁鮮鲜壯壮\
    廈厦懲惩撈捞絆绊脹胀貓猫賒赊贓赃鉗钳錦锦鍛锻雞鸡飢饥喚唤夾夹岡冈廟庙彥彦悅悦慮虑憤愤掙挣撲扑攬揽敗败榮荣檻槛渦涡湧涌滄沧潑泼澆浇濫滥烏乌煙烟爍烁獵猎瑩莹盪荡稟禀穎颖紗纱紳绅絞绞綽绰\
    緝缉縛缚纏缠翹翘脅胁艱艰蔭荫蕩荡襯衬覓觅訓训訣诀誕诞誰谁諭谕謠谣謬谬豈岂賄贿賊贼賜赐贍赡躍跃轄辖辯辩鄒邹銅铜錶表鐵铁陝陕飄飘飽饱饋馈鬚须鵬鹏龐庞擲掷贏赢訖讫鑲镶儂侬彌弥徵征欖榄濱滨\
    濾滤滷卤獅狮瓏珑癱瘫盞盏瞞瞒碩硕磯矶禱祷窩窝筧笕篩筛紡纺紹绍繳缴纖纤舖铺蒐搜蒼苍藉借螞蚂衹只訛讹誘诱謂谓諸诸贅赘躊踌輟辍輻辐轍辙辮辫邏逻鄲郸釀酿鈴铃鋰锂錨锚鎢钨鐮镰閩闽闌阑靂雳鞏巩\
    頌颂顆颗颱台飼饲駛驶騎骑驢驴鯊鲨鷹鹰黴霉齪龊";

static TABLE: LazyLock<Vec<(char, char)>> = LazyLock::new(|| {
    let mut chars = PAIRS.chars().filter(|c| !c.is_whitespace());
    let mut pairs = Vec::new();
    while let (Some(traditional), Some(simple)) = (chars.next(), chars.next()) {
        pairs.push((traditional, simple));
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
});

/// One bit per character of the block U+4E00–U+9FFF that is in the table, so that the many others are told at once.
static PRESENT: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let mut bits = vec![0_u64; 329];
    for (traditional, _) in TABLE.iter() {
        if let Some((word, mask)) = slot(*traditional)
            && let Some(bits) = bits.get_mut(word)
        {
            *bits |= mask;
        }
    }
    bits
});

fn slot(c: char) -> Option<(usize, u64)> {
    let offset = u32::from(c).checked_sub(0x4e00)?;
    Some((usize::try_from(offset / 64).ok()?, 1 << (offset % 64)))
}

/// The simplified character of `c`, or `c`.
pub(super) fn of(c: char) -> char {
    let present = slot(c).is_some_and(|(word, mask)| PRESENT.get(word).is_some_and(|bits| bits & mask != 0));
    if !present {
        return c;
    }
    let found = TABLE.binary_search_by_key(&c, |(traditional, _)| *traditional);
    found
        .ok()
        .and_then(|index| TABLE.get(index))
        .map_or(c, |(_, simple)| *simple)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_character_has_two_simplified_ones() {
        for pair in TABLE.windows(2) {
            assert!(pair[0].0 != pair[1].0, "{pair:?}");
        }
    }

    #[test]
    fn simplified_characters_stay() {
        for (_, simple) in TABLE.iter() {
            assert_eq!(of(*simple), *simple);
        }
        assert_eq!(
            "已通過回歸測試驗收".chars().map(of).collect::<String>(),
            "已通过回归测试验收"
        );
    }
}
